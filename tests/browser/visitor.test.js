// Visitors without an account: what they see, what they may do, and with whom they share it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House } from './harness.js';

const POLL = 'been_to_the_sea';

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

async function vote(person, choice) {
  await person.unit('welcome');
  await person.inside(POLL).getByLabel(choice).check();
  await person.inside(POLL).getByRole('button', { name: 'Submit' }).click();
  await person.inside(POLL).getByRole('heading', { name: 'Results' }).waitFor();
}

const counts = (person) => person.inside(POLL).locator('[data-count]').allTextContents();

test('visitors share a poll with one another and never with learners', async () => {
  const [one, other, alice] = [await house.person(), await house.person(), await house.person('alice')];
  await vote(one, 'Many times');
  assert.deepEqual(await counts(one), ['0', '0', '1', '0']);
  await vote(other, 'Never yet');
  assert.deepEqual(await counts(other), ['1', '0', '1', '0']);
  await other.screenshot('poll-visitors');
  await vote(alice, 'Once or twice');
  assert.deepEqual(await counts(alice), ['0', '1', '0', '0']);

  await one.unit('welcome');
  await one.inside(POLL).getByRole('heading', { name: 'Results' }).waitFor();
  assert.deepEqual(await counts(one), ['1', '0', '1', '0'], 'the vote is found again, with those of the others');
  for (const person of [one, other, alice]) await person.close();
});

test('a visitor answers a problem and finds the answer again', async () => {
  const visitor = await house.person();
  await visitor.unit('tides_choices');
  const menu = visitor.inside('spring_when').getByRole('combobox');
  await menu.selectOption('neap tide');
  const [reply] = await Promise.all([
    visitor.page.waitForResponse((response) => response.url().includes('/handler/')),
    visitor.inside('spring_when').getByRole('button', { name: 'Submit' }).click(),
  ]);
  assert.equal(reply.status(), 200);
  await visitor.page.reload();
  await menu.waitFor();
  assert.equal(await menu.inputValue(), 'neap tide');
  await visitor.close();
});

test('a visitor gets the notice to sign in where there is nothing for visitors', async () => {
  const visitor = await house.person();
  await visitor.unit('two_bulges');
  await visitor.inside('tide_day').getByText('Sign in to watch this video.').waitFor();
  await visitor.screenshot('sign-in');
  await visitor.close();
});

test('what a visitor did stays theirs while they are somebody else', async () => {
  const person = await house.person();
  await vote(person, 'Many times');
  await person.become('bob');
  await person.inside(POLL).getByRole('button', { name: 'Submit' }).waitFor();
  await person.become('visitor');
  await person.inside(POLL).getByRole('heading', { name: 'Results' }).waitFor();
  await person.close();
});
