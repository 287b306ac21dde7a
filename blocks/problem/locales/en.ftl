## The buttons and what stands around them
submit = Submit
save = Save
reset = Reset
hint = Hint
show-answer = Show answer
saved-before = Your answers were saved and not graded yet.
cannot-be-shown = This problem cannot be shown: { $reason }.
points-earned = { $earned }/{ $possible } { $count ->
    [one] point
   *[other] points
}
points-possible = { $possible } { $count ->
    [one] point possible
   *[other] points possible
}
attempts-used = You have used { $used } of { $max } { $max ->
    [one] attempt
   *[other] attempts
}

## What an action comes to
stale = The state of this problem has changed since you loaded this page. Please refresh your page.
submitted = Answer submitted.
all-correct = Correct.
all-incorrect = Incorrect.
partly-correct = Partially correct.
saved = Your answers have been saved but not graded. Click 'Submit' to grade them.
saved-in-survey = Your answers have been saved.
save-needs-reset = Problem needs to be reset prior to save.
closed = Problem is closed.
reset-closed = You cannot select Reset for a problem that is closed.
reset-not-done = You must submit an answer before you can select Reset.
no-hints = This problem has no hints.
one-hint = Hint:
hint-of = Hint ({ $number } of { $count }):
wait = You must wait at least { $wait } between submissions. { $remaining } remaining.
hours = { $count } { $count ->
    [one] hour
   *[other] hours
}
minutes = { $count } { $count ->
    [one] minute
   *[other] minutes
}
seconds = { $count } { $count ->
    [one] second
   *[other] seconds
}
not-sent = Your answer could not be sent. Please try again.
answers-shown = Answers are displayed within the problem.
answer = Answer:

## In the question
your-answer = Your answer
select-an-option = Select an option
correct = correct
incorrect = incorrect
partially-correct = partially correct
