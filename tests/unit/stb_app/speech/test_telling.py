"""What is said of a picture: a new one whole, of a changed one only what is new."""

from __future__ import annotations

import pytest

from stb_app.speech.telling import Teller
from stb_app.toolkit.scene import Node
from tests.unit.stb_app.speech.support import reader


@pytest.fixture
def teller() -> Teller:
    return Teller(reader("en"))


def text(label: str, value: str = "", *, role: str = "text", state: tuple[str, ...] = (), answers: bool = True) -> Node:
    return Node(label, role, label, value, list(state), answers=answers)


def thing(
    name: str,
    value: str = "",
    *,
    role: str = "row",
    state: tuple[str, ...] = (),
    position: tuple[int, int] | None = None,
    label: str = "",
) -> Node:
    return Node(name, role, label or name, value, list(state), focusable=True, position=position)


def tree(*nodes: Node) -> Node:
    header = Node("banner", "banner", "", children=[text("My account", role="heading", answers=False)])
    footer = Node("contentinfo", "contentinfo", "", children=[Node("hint", "hint", "Pay", "R"), _hint("Home", "BACK")])
    return Node("screen", "screen", "", children=[header, *nodes, footer])


def _hint(label: str, key: str) -> Node:
    return Node(label, "hint", label, key)


ROWS = (thing("One", "€1.00", position=(1, 2)), thing("Two", "€2.00", position=(2, 2)))


def test_a_new_screen_is_title_answer_focus_and_at_first_the_keys(teller: Teller) -> None:
    shown = tree(text("Rooms", role="heading"), text("Balance", "€5.00"), text("small", answers=False), *ROWS)
    said = teller.tell("rooms", shown, "One")
    assert said == "Rooms. Balance, 5 euros. One, 1 euro, 1 of 2. red button: Pay. BACK: Home."
    teller.tell("home", tree(thing("Pay")), "Pay")
    assert teller.tell("rooms", shown, "Two") == "Rooms. Balance, 5 euros. Two, 2 euros, 2 of 2."


def test_the_name_of_the_app_is_said_where_there_is_no_other_title(teller: Teller) -> None:
    assert teller.tell("home", tree(thing("Pay")), "Pay").startswith("My account. Pay.")


def test_the_title_of_the_header_takes_the_place_of_the_apps_name(teller: Teller) -> None:
    shown = tree(thing("Pay"))
    shown.children[0].children.append(text("Help", role="heading"))
    assert teller.tell("help", shown, "Pay").startswith("Help. Pay.")


def test_a_move_of_the_focus_is_the_focused_thing_alone(teller: Teller) -> None:
    teller.tell("rooms", tree(text("Rooms", role="heading"), *ROWS), "One")
    assert teller.tell("rooms", tree(text("Rooms", role="heading"), *ROWS), "Two") == "Two, 2 euros, 2 of 2."


def test_headings_and_answers_that_follow_the_focus_are_not_said_beside_it(teller: Teller) -> None:
    teller.tell("charges", tree(text("May", role="heading"), text("charged €1.00"), *ROWS), "One")
    moved = tree(text("June", role="heading"), text("charged €2.00"), *ROWS)
    assert teller.tell("charges", moved, "Two") == "Two, 2 euros, 2 of 2."


def test_a_title_that_tells_the_time_is_not_told_each_minute(teller: Teller) -> None:
    def at(time: str) -> Node:
        shown = tree(thing("Pay"))
        shown.children[0].children[0] = text(f"Balance at {time}", role="heading", answers=False)
        return shown

    assert teller.tell("home", at("19:41"), "Pay").startswith("Balance at 19 41. Pay.")
    assert teller.tell("home", at("19:42"), "Pay") == ""


def test_an_answer_that_the_focused_thing_says_too_is_said_once(teller: Teller) -> None:
    def days(first: str) -> Node:
        return tree(text(f"From {first}"), thing("entry", f"From {first}", role="calendar", label=first))

    assert teller.tell("range", days("1 May"), "entry").startswith("My account. the 1st of May, From the 1st of May.")
    assert teller.tell("range", days("2 May"), "entry") == "the 2nd of May, From the 2nd of May."


def test_nothing_new_is_nothing_said(teller: Teller) -> None:
    shown = tree(text("Rooms", role="heading"), *ROWS)
    assert teller.tell("rooms", shown, "One")
    assert teller.tell("rooms", shown, "One") == ""
    clock = tree(text("Rooms", role="heading"), text("19:42", role="clock", answers=False), *ROWS)
    assert teller.tell("rooms", clock, "One") == ""


def test_another_value_of_the_focused_thing_is_the_value_alone(teller: Teller) -> None:
    teller.tell("settings", tree(thing("Size", "M", role="chooser")), "Size")
    assert teller.tell("settings", tree(thing("Size", "XL", role="chooser")), "Size") == "XL."


def test_of_a_value_in_parts_those_that_changed_are_said(teller: Teller) -> None:
    teller.tell("settings", tree(thing("Motion", "Off, the frame jumps", role="toggle")), "Motion")
    assert teller.tell("settings", tree(thing("Motion", "On, the frame jumps", role="toggle")), "Motion") == "On."


def test_another_state_of_the_focused_thing_is_the_state(teller: Teller) -> None:
    teller.tell("settings", tree(thing("Size", "M")), "Size")
    assert teller.tell("settings", tree(thing("Size", "M", state=("disabled",))), "Size") == "not available."


def test_another_label_in_its_place_is_the_whole_thing(teller: Teller) -> None:
    teller.tell("edges", tree(thing("mover", "0 across", label="Upper left corner")), "mover")
    said = teller.tell("edges", tree(thing("mover", "1 across", label="Lower right corner")), "mover")
    assert said == "Lower right corner, 1 across."


def test_states_are_said_in_words_and_that_of_a_switch_by_its_value(teller: Teller) -> None:
    shown = tree(
        text("Balance", "€5.00", role="sum", state=("stale",)),
        thing("Speech", "on", role="toggle", state=("selected",)),
        thing("Sport", role="option", state=("selected", "peek")),
    )
    said = teller.tell("settings", shown, "Speech")
    assert "Balance, 5 euros, last known." in said and "Speech, on. OK switches it." in said
    assert teller.tell("settings", shown, "Sport") == "Sport, selected."


def test_how_a_thing_works_is_said_the_first_time_only(teller: Teller) -> None:
    shown = tree(thing("Speech", "on", role="toggle"), thing("Motion", "off", role="toggle"))
    assert "OK switches it" in teller.tell("settings", shown, "Speech")
    assert teller.tell("settings", shown, "Motion") == "Motion, off."


def test_what_was_loading_is_told_when_it_is_there(teller: Teller) -> None:
    title = text("Messages", role="heading")
    loading = teller.tell("messages", tree(title, text("One moment…", state=("loading",))), None)
    assert loading.startswith("Messages. One moment.")
    assert teller.tell("messages", tree(title, text("Two new"), *ROWS), "One") == "Two new. One, 1 euro, 1 of 2."


def test_a_screen_without_anything_to_move_to_is_read_as_it_stands(teller: Teller) -> None:
    shown = tree(text("Messages", role="heading"), text("No messages yet", answers=False))
    shown.children[0].children.append(text("€5.00", answers=False))
    assert teller.tell("messages", shown, None).startswith("Messages. No messages yet. red button")


def test_an_answer_that_changes_by_itself_is_told(teller: Teller) -> None:
    teller.tell("home", tree(text("Balance", "€5.00"), text("Enough"), thing("Pay")), "Pay")
    said = teller.tell("home", tree(text("Balance", "€9.00"), text("Enough"), thing("Pay")), "Pay")
    assert said == "Balance, 9 euros."


def test_an_alert_comes_before_everything_and_once(teller: Teller) -> None:
    alert = text("Paid", role="alert", answers=False)
    assert teller.tell("home", tree(thing("Pay"), alert), "Pay").startswith("Paid. My account. Pay.")
    assert teller.tell("home", tree(thing("Pay"), thing("Help"), alert), "Help") == "Help."
    assert teller.tell("home", tree(thing("Pay"), thing("Help")), "Help") == ""
    assert teller.tell("home", tree(thing("Pay"), thing("Help"), alert), "Help") == "Paid."


def test_of_many_notices_two_are_told(teller: Teller) -> None:
    notices = [text(f"Notice {letter}", role="notice", answers=False) for letter in "abc"]
    said = teller.tell("home", tree(*notices, thing("Pay")), "Pay")
    assert "Notice a. Notice b. Pay." in said and "Notice c" not in said


def test_a_question_in_the_place_of_another_is_told_whole(teller: Teller) -> None:
    teller.tell(
        "dialog", tree(text("Pay?", role="heading"), text("€5.00"), thing("answer.yes", label="Yes")), "answer.yes"
    )
    other = tree(text("Sure?", role="heading"), text("No way back"), thing("answer.yes", label="Yes"))
    assert teller.tell("dialog", other, "answer.yes") == "Sure? No way back. Yes."


def test_of_a_pin_no_digit_is_said_only_how_many_are_there(teller: Teller) -> None:
    said = [
        teller.tell("pin", tree(thing("entry", value, role="pin", label=label)), "entry")
        for label, value in [
            ("PIN", "0 of 4 digits"), ("7", "0 of 4 digits"), ("7", "1 of 4 digits"), ("8", "1 of 4 digits"),
            ("Delete", "1 of 4 digits"), ("PIN", "78"),
        ]
    ]  # fmt: skip
    assert said[0].startswith("My account. PIN, 0 of 4 digits. Type with the digits of the remote.")
    assert said[1:] == ["a digit.", "1 of 4 digits.", "a digit.", "Delete.", "PIN."]


def test_a_key_of_a_pad_is_said_without_all_that_was_typed(teller: Teller) -> None:
    teller.tell("ask", tree(thing("entry", "1027, 4 of 12 digits", role="digits", label="5")), "entry")
    assert teller.tell("ask", tree(thing("entry", "1027, 4 of 12 digits", role="digits", label="6")), "entry") == "6."


def test_after_forgetting_the_same_picture_is_told_again_without_the_keys(teller: Teller) -> None:
    shown = tree(thing("Pay"))
    teller.tell("home", shown, "Pay")
    teller.forget()
    assert teller.tell("home", shown, "Pay") == "My account. Pay."


def test_letters_of_keys_are_colours_in_each_language() -> None:
    shown = Node("screen", "screen", "", children=[_hint("Оплатить", "К"), _hint("Домой", "НАЗАД")])
    assert Teller(reader("ru")).tell("home", shown, None) == "красная кнопка: Оплатить. Назад: Домой."


def test_what_is_written_is_said_by_the_letter_after_a_space_by_the_word_and_what_is_deleted_too(
    teller: Teller,
) -> None:
    def written(value: str, key: str) -> str:
        return teller.tell("text", tree(thing("entry", value, role="keyboard", label=key)), "entry")

    assert "as on a telephone" in written("", "h")
    steps = [("", "i"), ("hi", "i"), ("hi ", "i"), ("hi", "i"), ("h", "i"), ("h,", "i"), ("h,", "."), ("", ".")]
    said = [written(value, key) for value, key in steps]
    assert said == ["i.", "hi.", "hi.", "deleted.", "deleted, i.", "comma.", "full stop.", "deleted, h."]


def test_what_is_waited_for_is_told_as_it_goes_on(teller: Teller) -> None:
    def checking(value: str) -> Node:
        return tree(text("Checking", value, role="progress", answers=False), thing("Stop"))

    assert "Checking, 10 percent." in teller.tell("check", checking("10 %"), "Stop")
    assert teller.tell("check", checking("50 %"), "Stop") == "Checking, 50 percent."
