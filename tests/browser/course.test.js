// Finding one's way: the list of courses, the outline, the units.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House } from './harness.js';

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

test('the outline shows sections, subsections and units', async () => {
  const person = await house.person();
  await person.page.goto(house.url);
  await person.screenshot('courses');
  await person.page.getByRole('link', { name: 'A tour of Blockhouse' }).click();
  await person.page.getByRole('heading', { level: 1, name: 'A tour of Blockhouse' }).waitFor();
  assert.deepEqual(await person.page.getByRole('heading', { level: 2 }).allTextContents(), ['Tides', 'Maps', 'In the workshop']);
  assert.equal(await person.page.getByRole('heading', { level: 3 }).first().textContent(), 'How the tide works');
  assert.equal(await person.page.locator('.units a').count(), 11);
  await person.screenshot('outline');
  await person.page.getByRole('link', { name: 'Welcome' }).click();
  await person.page.getByRole('heading', { level: 1, name: 'Welcome' }).waitFor();
  await person.close();
});

test('next leads through every unit, and every block of each is shown', async () => {
  const person = await house.person('alice');
  await person.unit('welcome');
  for (let unit = 1; ; unit += 1) {
    for (const frame of await person.page.locator('iframe.frame').all()) {
      await frame.scrollIntoViewIfNeeded();
      await frame.contentFrame().locator('.xblock-initialized').first().waitFor();
      assert.equal(await frame.contentFrame().locator('.bh-card').count(), 0);
    }
    const next = person.page.getByRole('link', { name: /^Next/ });
    if (await next.count() === 0) {
      assert.equal(unit, 11);
      break;
    }
    const title = (await next.locator('.hidden').textContent()).replace(/^: /, '');
    await next.press('Enter');
    await person.page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  }
  assert.deepEqual(person.problems, []);
  await person.page.getByRole('link', { name: /^Previous/ }).press('Enter');
  await person.page.getByRole('heading', { level: 1, name: 'Your turn' }).waitFor();
  await person.close();
});

test('a frame is as high as what it shows', async () => {
  const person = await house.person('alice');
  await person.unit('two_bulges');
  await person.settled();
  await person.screenshot('unit');
  await person.close();
});

test('a block whose type is not installed is a card, and its neighbours are shown', async () => {
  const person = await house.person('alice');
  await person.unit('not_installed');
  await person.block('finished_the_tour').getByText('This block\'s type done is not installed here.').waitFor();
  await person.inside('goodbye').getByText('This is the end of the tour.').waitFor();
  await person.screenshot('not-installed');
  await person.close();
});

test('an address without a page says so and gives a reference', async () => {
  const person = await house.person();
  const answer = await person.page.goto(`${house.url}/learn/course-v1:No+Such+Course`);
  assert.equal(answer.status(), 404);
  const reference = await person.page.locator('main code').textContent();
  assert.equal(reference, answer.headers()['x-request-id']);
  await person.screenshot('error');
  await person.close();
});

test('the pages are readable in the dark and on a small screen', async () => {
  const person = await house.person('alice', { colorScheme: 'dark', viewport: { width: 360, height: 740 } });
  await person.unit('tides_choices');
  await person.inside('two_a_day').getByRole('button', { name: 'Submit' }).waitFor();
  const width = await person.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `the page is ${width} px wide`);
  await person.screenshot('unit-small-dark');
  await person.close();
});

test('the first key press leads past the navigation', async () => {
  const person = await house.person();
  await person.unit('welcome');
  await person.page.keyboard.press('Tab');
  await person.page.keyboard.press('Enter');
  assert.equal(await person.page.evaluate(() => document.activeElement.id), 'main');
  await person.close();
});
