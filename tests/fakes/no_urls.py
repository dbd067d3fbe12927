"""A site that has not mounted the app: its addresses cannot be made."""

urlpatterns: list[object] = []
