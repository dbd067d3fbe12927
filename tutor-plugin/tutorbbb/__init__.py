"""The Tutor plugin ``bbb``: BigBlueButton live sessions (bbb-xblock) in an Open edX platform run by Tutor."""
