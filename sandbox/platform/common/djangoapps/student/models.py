"""A stand-in of the demo for the platform's module of the same name, not the platform's own.

Every learner of the demo is enrolled in every course.
"""

from sandbox.demo.people import PEOPLE


class CourseEnrollmentManager:
    """Counts the enrolments of a course."""

    def num_enrolled_in(self, course_id: object) -> int:
        """Give the number of active enrolments."""
        return PEOPLE.learners()


class CourseEnrollment:
    """Who is enrolled where."""

    objects = CourseEnrollmentManager()
