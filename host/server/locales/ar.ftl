# صفحات المتعلّم.
courses = المقررات
write = التأليف
skip = انتقل إلى المحتوى
language = اللغة
language-of-browser = كما في المتصفح
choose = اختيار
no-courses = لا يوجد أي مقرر هنا بعد. استورد مقررًا بالأمر `blockhouse import DIRECTORY`.
units = { $count ->
    [zero] لا وحدات
    [one] وحدة واحدة
    [two] وحدتان
    [few] { $count } وحدات
    [many] { $count } وحدة
   *[other] { $count } وحدة
}

development-mode = وضع التطوير.
development-explained = كل من يفتح هذه الصفحة يمكنه اختيار هويته.
you-are = أنت
switch = تبديل

breadcrumb = مسار التنقل
nothing-here = لا شيء هنا بعد.
empty-course = لا محتوى في هذا المقرر بعد.
empty-unit = لا محتوى في هذه الوحدة بعد.
units-of-subsection = وحدات هذا القسم الفرعي
previous-and-next = الوحدة السابقة والتالية
previous = السابق
next = التالي
not-installed = نوع هذا العنصر { $type } غير مثبّت هنا.

score = { $earned } / { $possible } { $possible ->
    [zero] نقطة
    [one] نقطة
    [two] نقطتان
    [few] نقاط
   *[other] نقطة
}
progress = أُنجز { $done } من { $total } { $total ->
    [zero] جزء
    [one] جزء
    [two] جزأين
    [few] أجزاء
   *[other] جزءًا
}
done = أُنجز
due = موعد التسليم
saving = جارٍ الحفظ…
saved = تم الحفظ
waiting = لم يُحفظ بعد. سيُعاد الإرسال تلقائيًا حالما يمكن ذلك.
failed = تعذّر الحفظ. يُرجى المحاولة مرة أخرى.
try-again = أعد المحاولة الآن
answers-offer = لقد أجبت هنا قبل تسجيل الدخول. هل تريد الاحتفاظ بتلك الإجابات؟
answers-keep = احتفظ بها
answers-leave = اتركها
lost = تعذّر حفظ إجابة من زيارة سابقة. يُرجى مراجعة إجاباتك.

not-found = غير موجود
not-allowed = غير مسموح
did-not-work = لم ينجح ذلك
went-wrong = حدث خطأ ما
reference = إذا طلبت المساعدة فاذكر هذا المرجع:
to-the-courses = إلى المقررات
