# The learner's pages.
courses = Courses
write = Write
skip = Skip to the content
language = Language
language-of-browser = As in the browser
choose = Choose
no-courses = There is no course here yet. Import one with `blockhouse import DIRECTORY`.
units = { $count ->
    [one] { $count } unit
   *[other] { $count } units
}

development-mode = Development mode.
development-explained = Anybody who opens this page can choose who to be.
you-are = You are
switch = Switch

breadcrumb = Breadcrumb
nothing-here = Nothing here yet.
empty-course = This course has no content yet.
empty-unit = This unit has no content yet.
units-of-subsection = Units of this subsection
previous-and-next = Previous and next unit
previous = Previous
next = Next
not-installed = This block's type { $type } is not installed here.

score = { $earned } / { $possible } { $possible ->
    [one] point
   *[other] points
}
progress = { $done } of { $total } { $total ->
    [one] part
   *[other] parts
} done
done = Done
due = Due
saving = Saving…
saved = Saved
waiting = Not saved yet. It is sent again by itself as soon as that works.
failed = This could not be saved. Please try again.
try-again = Try again now
answers-offer = You have answered here before you signed in. Do you want to keep those answers?
answers-keep = Keep them
answers-leave = Leave them behind
lost = An answer from an earlier visit could not be saved. Please look at your answers.

not-found = Not found
not-allowed = Not allowed
did-not-work = That did not work
went-wrong = Something went wrong
reference = If you ask for help, give this reference:
to-the-courses = To the courses
