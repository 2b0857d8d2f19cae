"""An address book without any address: what the shell makes of it is told in test_ui_shell."""

urlpatterns: list[object] = []
