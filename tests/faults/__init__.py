"""What must be survived: BigBlueButton, a worker, Redis, the database or a clock lets us down."""
