"""What reminders register with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from activities.reminders import telling
    from activities.reminders.answering import keep_answer
    from activities.reminders.calendar import days_named
    from activities.reminders.planning import TO_CONFIRM
    from activities.reminders.withdrawing import withdraw
    from notices import answers, delivery, hours, words

    hours.working_calendar(days_named)
    delivery.withdraw_before_sending(withdraw)
    delivery.told_in_digest(TO_CONFIRM)
    answers.on_answer(keep_answer)
    words.standing(telling.standing)
