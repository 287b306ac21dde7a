## الأزرار وما حولها
submit = إرسال
save = حفظ
reset = إعادة تعيين
hint = تلميح
show-answer = إظهار الإجابة
saved-before = حُفظت إجاباتك ولم تُقيَّم بعد.
cannot-be-shown = لا يمكن عرض هذه المسألة: { $reason }.
points-earned = { $earned }/{ $possible } { $count ->
    [one] نقطة
    [two] نقطتان
    [few] نقاط
   *[other] نقطة
}
points-possible = { $count ->
    [one] نقطة واحدة ممكنة
    [two] نقطتان ممكنتان
    [few] { $possible } نقاط ممكنة
   *[other] { $possible } نقطة ممكنة
}
attempts-used = استخدمت { $used } من أصل { $max } { $max ->
    [one] محاولة
    [two] محاولتين
    [few] محاولات
   *[other] محاولة
}

## نتيجة الإجراء
stale = تغيّرت حالة هذه المسألة منذ تحميل الصفحة. يُرجى تحديث الصفحة.
submitted = أُرسلت الإجابة.
all-correct = صحيح.
all-incorrect = غير صحيح.
partly-correct = صحيح جزئيًا.
saved = حُفظت إجاباتك ولكنها لم تُقيَّم. اضغط على "إرسال" لتقييمها.
saved-in-survey = حُفظت إجاباتك.
save-needs-reset = يجب إعادة تعيين المسألة قبل الحفظ.
closed = المسألة مغلقة.
reset-closed = لا يمكنك إعادة تعيين مسألة مغلقة.
reset-not-done = عليك إرسال إجابة قبل إعادة التعيين.
no-hints = لا تلميحات لهذه المسألة.
one-hint = تلميح:
hint-of = تلميح ({ $number } من { $count }):
wait = عليك الانتظار { $wait } على الأقل بين كل إرسال وآخر. بقي { $remaining }.
hours = { $count ->
    [one] ساعة واحدة
    [two] ساعتان
    [few] { $count } ساعات
   *[other] { $count } ساعة
}
minutes = { $count ->
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $count } دقائق
   *[other] { $count } دقيقة
}
seconds = { $count ->
    [one] ثانية واحدة
    [two] ثانيتان
    [few] { $count } ثوانٍ
   *[other] { $count } ثانية
}
not-sent = تعذّر إرسال إجابتك. يُرجى المحاولة مرة أخرى.
answers-shown = تظهر الإجابات داخل المسألة.
answer = الإجابة:

## في السؤال
your-answer = إجابتك
select-an-option = اختر إجابة
correct = صحيح
incorrect = غير صحيح
partially-correct = صحيح جزئيًا
