// Front ends that were written for Open edX expect libraries on their page. A block that asks gets them, and no other.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { House } from './harness.js';

const PACKAGE = new URL('../../target/guests/legacy-0.1.0.block', import.meta.url);
const LIBRARIES = '/api/libraries/v2/';

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

/** A published block of the package, in a library of its own. */
async function legacyBlock(author) {
  const token = await readFile(path.join(house.data, 'operator-token'), 'utf8');
  const installed = await fetch(`${house.url}/api/admin/packages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token.trim()}` },
    body: await readFile(PACKAGE),
  });
  assert.equal(installed.status, 201, await installed.text());
  const post = async (address, data) => {
    const answer = await author.page.request.post(`${house.url}${LIBRARIES}${address}`, { data });
    assert.ok(answer.ok(), await answer.text());
    return answer.json();
  };
  await post('', { org: 'Org', slug: 'L', title: 'Old front ends', description: '', allow_public_learning: true });
  const { id } = await post('lib:Org:L/blocks/', { block_type: 'legacy', definition_id: 'one' });
  await post('lib:Org:L/commit/', {});
  return id;
}

let block;

test('a block gets the libraries that its manifest asks for', async () => {
  const ann = await house.person('ann');
  block = await legacyBlock(ann);
  await ann.page.goto(`${house.url}/xblocks/v2/${block}/embed/student_view/`);
  await ann.page.getByText('2 of 3').waitFor();
  await ann.page.getByRole('button', { name: 'Count' }).click();
  await ann.page.locator('output', { hasText: '6' }).waitFor();
  await ann.page.locator('.formula svg').waitFor();
  assert.deepEqual(ann.problems, []);
  await ann.close();
});

test('what an older front end sends is kept and sent again when the connection is back', async () => {
  const bob = await house.person('bob');
  const keys = [];
  await bob.page.context().route('**/handler/**', (route) => {
    const request = route.request();
    if (request.method() === 'OPTIONS') return route.continue();
    keys.push(request.headers()['idempotency-key']);
    return keys.length < 3 ? route.abort('internetdisconnected') : route.continue();
  });
  await bob.page.goto(`${house.url}/xblocks/v2/${block}/embed/student_view/`);
  await bob.page.getByText('2 of 3').waitFor();
  await bob.page.getByRole('button', { name: 'Count' }).click();
  await bob.page.locator('output', { hasText: '6' }).waitFor();
  assert.equal(keys.length, 3);
  assert.ok(keys[0] && new Set(keys).size === 1, 'every attempt has the same key');
  await bob.close();
});

test('an older request of another kind is the browser’s own', async () => {
  const bob = await house.person('bob');
  await bob.page.goto(`${house.url}/xblocks/v2/${block}/embed/student_view/`);
  await bob.page.getByText('2 of 3').waitFor();
  const address = await bob.page.evaluate(() => new URL(document.querySelector('script[src*="frame.js"]').src).href);
  const answer = await bob.page.evaluate((url) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('GET', url);
    request.onload = () => resolve([request.readyState, request.status, request.responseText.length > 0]);
    request.onerror = () => resolve('error');
    request.send();
  }), address);
  assert.deepEqual(answer, [4, 200, true]);
  await bob.close();
});

test('a block that does not ask has none of them', async () => {
  const alice = await house.person('alice');
  await alice.unit('welcome');
  const found = await alice.asBlock('welcome', () => [typeof window.jQuery, typeof window._, typeof window.gettext]);
  assert.deepEqual(found, ['undefined', 'undefined', 'undefined']);
  await alice.close();
});
