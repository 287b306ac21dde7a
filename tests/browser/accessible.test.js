// WCAG 2.2 AA, as far as a machine can tell, on every page and in every frame; and the pages in a language that is
// written from right to left.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { House } from './harness.js';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

/** What axe finds on the page and in its frames, each of which it sees as a page of its own. */
async function barriers(person) {
  const found = [];
  for (const frame of person.page.frames()) {
    await frame.evaluate(AXE);
    const { violations } = await frame.evaluate((rules) => window.axe.run(document, { ...rules, iframes: false }), RULES);
    found.push(...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`));
  }
  return found;
}

for (const colorScheme of ['light', 'dark']) {
  test(`no page has a barrier that a machine can see (${colorScheme})`, async () => {
    const alice = await house.person('alice', { colorScheme });
    assert.deepEqual(await barriers(alice), [], 'courses');
    await alice.outline();
    assert.deepEqual(await barriers(alice), [], 'outline');
    for (const unit of ['welcome', 'two_bulges', 'tides_choices', 'maps_numbers', 'not_installed']) {
      await alice.unit(unit);
      await alice.settled();
      assert.deepEqual(await barriers(alice), [], unit);
    }
    await alice.close();
  });
}

test('a reader of Arabic gets the pages in Arabic, from right to left', async () => {
  const alice = await house.person('visitor', { locale: 'ar-EG' });
  await alice.unit('tides_choices');
  const html = alice.page.locator('html');
  assert.deepEqual([await html.getAttribute('lang'), await html.getAttribute('dir')], ['ar', 'rtl']);
  await alice.page.getByRole('link', { name: /^التالي/ }).waitFor();
  assert.equal(await alice.inside('two_a_day').locator('html').getAttribute('dir'), 'rtl');
  await alice.settled();
  const next = await alice.page.locator('[rel=next]').boundingBox();
  const previous = await alice.page.locator('[rel=prev]').boundingBox();
  assert.ok(next.x < previous.x, 'next is on the left');
  assert.deepEqual(await barriers(alice), []);
  await alice.screenshot('arabic');
  await alice.close();
});

test('whoever chooses a language reads the pages and the blocks in it', async () => {
  const alice = await house.person('alice', { locale: 'en-GB' });
  await alice.unit('tides_choices');
  await alice.page.getByLabel('Language').selectOption('ar');
  await alice.page.getByRole('button', { name: 'Choose' }).press('Enter');
  await alice.page.locator('html[lang=ar][dir=rtl]').waitFor();
  assert.equal(await alice.inside('two_a_day').locator('html').getAttribute('lang'), 'ar');
  await alice.settled();
  assert.deepEqual(await barriers(alice), []);
  await alice.page.getByLabel('اللغة').selectOption('');
  await alice.page.getByRole('button', { name: 'اختيار' }).press('Enter');
  await alice.page.locator('html[lang=en]').waitFor();
  await alice.close();
});

test('a unit that one comes back to does not move while it loads', async () => {
  const alice = await house.person('alice');
  await alice.unit('tides_choices');
  await alice.settled();
  await alice.page.reload();
  await alice.page.evaluate(() => {
    window.moved = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.moved += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await alice.settled();
  const moved = await alice.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(window.moved))));
  // Below this, people notice nothing (Core Web Vitals).
  assert.ok(moved < 0.1, `a layout shift of ${moved}`);
  await alice.close();
});
