from support.command_line import Mureg


def test_the_signature_commands_work_literally(example: Mureg) -> None:
    assert "ZV-1042" in example.done("application", "show").out
    assert "10 and more" in example.done("application", "set-multiuser", "--tier", "10+").out
    assert "27000.00" in example.done("reconcile", "--month", "2023-08").out
