/* globals $, _, gettext, interpolate */
function LegacyBlock(runtime, element) {
  var words = interpolate(gettext('%(many)s of %(all)s'), { many: 2, all: 3 }, true);
  $('.words', element).text(words);
  $('button', element).click(function () {
    $.ajax({
      type: 'POST',
      url: runtime.handlerUrl(element, 'count'),
      data: JSON.stringify({ numbers: _.range(1, 4) }),
      success: function (answer) { $('output', element).text(answer.sum); },
    });
  });
}
