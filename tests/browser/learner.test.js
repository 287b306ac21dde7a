// A learner answers, comes back later, and finds the answers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House } from './harness.js';

const RIGHT = 'The Moon pulls the water there less than it pulls the Earth below it.';

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

const answerOf = (person) => person.inside('two_a_day').getByLabel(RIGHT);
const scoreOf = (person) => person.block('two_a_day').locator('.score');

test('an answer gets feedback and a score, and is there again after a reload', async () => {
  const alice = await house.person('alice');
  await alice.unit('tides_choices');
  await answerOf(alice).check();
  await alice.inside('two_a_day').getByRole('button', { name: 'Submit' }).click();
  await alice.inside('two_a_day').getByText('what counts is the difference of the pulls').waitFor();
  await scoreOf(alice).getByText('1 / 1 point').waitFor();
  // The problem says its score itself, so the page's line is for screen readers only.
  await alice.inside('two_a_day').getByText('1/1 point').waitFor();
  assert.ok((await scoreOf(alice).boundingBox()).width <= 1);
  await alice.screenshot('answered');

  await alice.page.reload();
  assert.equal(await scoreOf(alice).textContent(), '1 / 1 point');
  await answerOf(alice).waitFor();
  assert.ok(await answerOf(alice).isChecked());
  assert.deepEqual(alice.problems, []);
  await alice.close();
});

test('a restart of the server loses nothing', async () => {
  await house.restart();
  const alice = await house.person('alice');
  await alice.unit('tides_choices');
  assert.equal(await scoreOf(alice).textContent(), '1 / 1 point');
  await answerOf(alice).waitFor();
  assert.ok(await answerOf(alice).isChecked());
  await alice.close();
});

test('another learner has answers of their own', async () => {
  const bob = await house.person('bob');
  await bob.unit('tides_choices');
  await answerOf(bob).waitFor();
  assert.ok(!await answerOf(bob).isChecked());
  assert.equal(await scoreOf(bob).textContent(), '');
  await bob.close();
});

test('a wrong answer scores nothing and may be tried again', async () => {
  const bob = await house.person('bob');
  await bob.unit('maps_numbers');
  const field = bob.inside('distance').getByRole('textbox');
  await field.fill('3');
  await bob.inside('distance').getByRole('button', { name: 'Submit' }).click();
  await bob.block('distance').locator('.score').getByText('0 / 1 point').waitFor();
  await bob.inside('distance').getByRole('textbox').fill('1.75');
  await bob.inside('distance').getByRole('button', { name: 'Submit' }).click();
  await bob.block('distance').locator('.score').getByText('1 / 1 point').waitFor();
  await bob.close();
});

test('a learner answers with the keyboard only', async () => {
  const bob = await house.person('bob');
  await bob.unit('tides_choices');
  await answerOf(bob).waitFor();
  await bob.inside('two_a_day').getByRole('radio').first().focus();
  await bob.page.keyboard.press('ArrowDown');
  assert.ok(await answerOf(bob).isChecked());
  await bob.page.keyboard.press('Tab');
  await bob.page.keyboard.press('Enter');
  await scoreOf(bob).getByText('1 / 1 point').waitFor();
  await bob.close();
});
