// A page of another site shows a block, for a person whom a platform vouches for.
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { House, usage } from './harness.js';

const RIGHT = 'The Moon pulls the water there less than it pulls the Earth below it.';
const BLOCK = usage('problem', 'two_a_day');
const API = '/api/xblock/v2/xblocks';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as a platform makes it. */
function token(claims = {}) {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: 'https://platform.example', aud: 'blockhouse', sub: '42', exp: now + 300, ...claims };
  const text = `${encoded({ alg: 'EdDSA', kid: 'one' })}.${encoded(all)}`;
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
}

let directory, house, site, origin, page;
before(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'blockhouse-platform-'));
  const jwks = path.join(directory, 'jwks.json');
  await writeFile(jwks, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'EdDSA' }] }));
  site = http.createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(page);
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${site.address().port}`;
  house = await House.open({
    BLOCKHOUSE_PLATFORM__JWKS: jwks,
    BLOCKHOUSE_PLATFORM__ISSUER: 'https://platform.example',
    BLOCKHOUSE_HTTP__EMBED_ORIGINS: JSON.stringify([origin]),
  });
});
after(async () => {
  await house?.close();
  site?.close();
  await rm(directory, { recursive: true, force: true });
});

const embedding = (attributes) => `<!doctype html><html lang="en"><title>A blog</title><h1>A blog</h1>
  <script>window.heard = []; for (const name of ['score', 'completion']) {
    addEventListener('blockhouse:' + name, (event) => heard.push([name, event.detail]));
  }</script>
  <script src="${house.url}/embed.js" ${attributes}></script>`;

test('a person of the platform answers in a page of another site, and the page hears the score', async () => {
  const person = await house.person();
  page = embedding(`data-block="${BLOCK}" data-token="${token({ block: BLOCK })}" data-show-title`);
  await person.page.goto(origin);
  const block = person.page.frameLocator('iframe');
  await block.getByLabel(RIGHT).check();
  await block.getByRole('button', { name: 'Submit' }).click();
  await person.page.waitForFunction(() => window.heard.some(([name]) => name === 'score'));
  const heard = await person.page.evaluate(() => window.heard);
  assert.deepEqual(heard.find(([name]) => name === 'score')[1], { earned: 1, possible: 1 });
  await person.page.screenshot({ path: new URL('./artifacts/embedded.png', import.meta.url).pathname });

  // The same person, by the API.
  const answer = await fetch(`${house.url}${API}/${BLOCK}/view/student_view/`, { headers: { authorization: `Bearer ${token()}` } });
  assert.match((await answer.json()).content, /You have used 1 of 2 attempts/);
  await person.close();
});

test('without a token the page shows what visitors may see', async () => {
  const person = await house.person();
  page = embedding(`data-block="${usage('poll', 'been_to_the_sea')}"`);
  await person.page.goto(origin);
  await person.page.frameLocator('iframe').getByRole('button', { name: 'Submit' }).waitFor();
  await person.close();
});

test('a site that is not in the settings cannot show a block', async () => {
  const answer = await fetch(`${house.url}/xblocks/v2/${BLOCK}/embed/public_view/`);
  const policy = answer.headers.get('content-security-policy');
  assert.ok(policy.includes(`frame-ancestors 'self' ${origin};`), policy);
  assert.ok(policy.includes('sandbox allow-scripts'), policy);
});

test('a token opens its own block, and only for a while', async () => {
  const open = (claims, block = BLOCK) =>
    fetch(`${house.url}/xblocks/v2/${block}/embed/student_view/?token=${token(claims)}`).then(({ status }) => status);
  assert.equal(await open({ block: BLOCK }), 200);
  assert.equal(await open({ block: BLOCK }, usage('problem', 'what_matters')), 401);
  assert.equal(await open({}), 401);
  assert.equal(await open({ block: BLOCK, exp: 1 }), 401);
});

test('a token for one block is no key to the API, and a bad one is refused', async () => {
  const ask = (bearer) => fetch(`${house.url}${API}/${BLOCK}/`, { headers: { authorization: bearer } }).then(({ status }) => status);
  assert.equal(await ask(`Bearer ${token()}`), 200);
  assert.equal(await ask(`Bearer ${token({ block: BLOCK })}`), 401);
  assert.equal(await ask(`Bearer ${token({ aud: 'else' })}`), 401);
  assert.equal(await ask('Bearer x.y.z'), 401);
  assert.equal(await ask('Basic abc'), 401);
});

test('an invalid version is a bad request', async () => {
  const answer = await fetch(`${house.url}/xblocks/v2/${BLOCK}/embed/public_view/?version=latest`);
  assert.equal(answer.status, 400);
});
