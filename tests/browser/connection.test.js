// A connection that is slow or gone: what the learner did is kept, sent again once, and the page says how it stands.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House } from './harness.js';

const RIGHT = 'The Moon pulls the water there less than it pulls the Earth below it.';
const POLL = 'been_to_the_sea';

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

const delivery = (person, id) => person.block(id).locator('.delivery');
const answer = async (person) => {
  await person.unit('tides_choices');
  await person.inside('two_a_day').getByLabel(RIGHT).check();
};
const submit = (person) => person.inside('two_a_day').getByRole('button', { name: 'Submit' }).click();

/** Lets requests to handlers through, or not: `outcome` is asked for each of them. */
const between = (person, outcome) => person.page.context().route('**/handler/**', (route) =>
  route.request().method() === 'OPTIONS' ? route.continue() : outcome(route));

test('an answer given without a connection is sent when it is back', async () => {
  const alice = await house.person('alice');
  let gone = true;
  await between(alice, (route) => (gone ? route.abort('internetdisconnected') : route.continue()));
  await answer(alice);
  await submit(alice);
  await delivery(alice, 'two_a_day').getByText('Not saved yet').waitFor();
  await alice.screenshot('not-saved-yet');
  await delivery(alice, 'two_a_day').getByRole('button', { name: 'Try again now' }).click();
  gone = false;
  await alice.block('two_a_day').locator('.score').getByText('1 / 1 point').waitFor();
  await delivery(alice, 'two_a_day').getByText('Saved', { exact: true }).waitFor();
  await alice.screenshot('saved');
  await alice.close();
});

test('a vote whose answer got lost on the way is not counted twice', async () => {
  const visitor = await house.person();
  let lost = 0;
  await between(visitor, async (route) => {
    if (!route.request().url().includes('/vote') || lost > 0) return route.continue();
    lost += 1;
    // The server has it; the browser never hears of it.
    await route.fetch();
    return route.abort('connectionreset');
  });
  await visitor.unit('welcome');
  await visitor.inside(POLL).getByLabel('Many times').check();
  await visitor.inside(POLL).getByRole('button', { name: 'Submit' }).click();
  await visitor.inside(POLL).getByRole('heading', { name: 'Results' }).waitFor();
  assert.equal(lost, 1);
  assert.deepEqual(await visitor.inside(POLL).locator('[data-count]').allTextContents(), ['0', '0', '1', '0']);
  await visitor.close();
});

test('an answer that did not arrive before the page was left is sent by the next one', async () => {
  const bob = await house.person('bob');
  let gone = true;
  await between(bob, (route) => (gone ? route.abort('internetdisconnected') : route.continue()));
  bob.page.on('dialog', (dialog) => dialog.accept());
  await answer(bob);
  await submit(bob);
  await delivery(bob, 'two_a_day').getByText('Not saved yet').waitFor();
  gone = false;
  await bob.unit('tides_choices');
  await bob.block('two_a_day').locator('.score').getByText('1 / 1 point').waitFor();
  await bob.page.waitForFunction(() => localStorage.getItem('blockhouse outbox') === '[]');
  await bob.page.reload();
  await bob.inside('two_a_day').getByLabel(RIGHT).waitFor();
  assert.ok(await bob.inside('two_a_day').getByLabel(RIGHT).isChecked());
  await bob.close();
});

test('a server that has no time is asked again', async () => {
  const visitor = await house.person();
  let refused = 0;
  await between(visitor, (route) => {
    if (refused === 2) return route.continue();
    refused += 1;
    const headers = { 'retry-after': '0', 'access-control-allow-origin': '*' };
    return route.fulfill({ status: 503, headers, body: '{}' });
  });
  await answer(visitor);
  await submit(visitor);
  await delivery(visitor, 'two_a_day').getByText('Saved', { exact: true }).waitFor();
  assert.equal(refused, 2);
  await visitor.close();
});

test('two open tabs do not overwrite each other', async () => {
  const visitor = await house.person();
  const other = await visitor.page.context().newPage();
  await visitor.unit('maps_numbers');
  await other.goto(visitor.page.url());
  const fields = [visitor.page, other].map((page) => page.locator('.block[data-usage$="@distance"]').frameLocator('iframe'));
  await fields[0].getByRole('textbox').fill('3');
  await fields[1].getByRole('textbox').fill('1.75');
  await Promise.all(fields.map((field) => field.getByRole('button', { name: 'Submit' }).click()));
  for (const page of [visitor.page, other]) {
    await page.locator('.block[data-usage$="@distance"] .delivery').getByText('Saved', { exact: true }).waitFor();
  }
  // Both attempts count; neither took the other's place.
  await visitor.page.reload();
  await fields[0].getByText('You have used 2 of 3 attempts').waitFor();
  await visitor.close();
});
