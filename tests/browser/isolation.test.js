// What a block's frame cannot do, and who may choose identities.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House, usage } from './harness.js';

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

test('a frame has no origin, no cookies and no way into the page', async () => {
  const alice = await house.person('alice');
  await alice.unit('welcome');
  const seen = await alice.asBlock('been_to_the_sea', () => {
    const attempt = (what) => { try { return String(what()); } catch (error) { return error.name; } };
    return {
      origin: self.origin,
      cookies: attempt(() => document.cookie),
      storage: attempt(() => localStorage.length),
      page: attempt(() => parent.document.title),
    };
  });
  assert.deepEqual(seen, { origin: 'null', cookies: 'SecurityError', storage: 'SecurityError', page: 'SecurityError' });
  await alice.close();
});

test('a frame cannot read what the server keeps for its learner', async () => {
  const alice = await house.person('alice');
  await alice.unit('welcome');
  const outcome = await alice.asBlock('been_to_the_sea', async (_body, address) => {
    const answer = await fetch(address, { credentials: 'include' }).catch((error) => error.name);
    return answer.status ?? answer;
  }, `${house.url}/api/xblock/v2/xblocks/${usage('html', 'welcome')}/view/student_view/`);
  assert.equal(outcome, 'TypeError');
  await alice.close();
});

test('a frame cannot choose who its learner is', async () => {
  const alice = await house.person('alice');
  await alice.unit('welcome');
  const refused = alice.page.waitForResponse((response) => response.url().endsWith('/dev/identity'));
  await alice.asBlock('been_to_the_sea', (body, address) => {
    body.insertAdjacentHTML('beforeend', `<form method="post" action="${address}"><input name="identity" value="bob"><input name="next" value="/"></form>`);
    body.lastElementChild.submit();
  }, `${house.url}/dev/identity`);
  assert.equal((await refused).status(), 403);
  await alice.page.goto(house.url);
  assert.equal(await alice.page.getByLabel('You are').inputValue(), 'alice');
  await alice.close();
});

test('a message sets the height of the frame that it comes from, within limits, and does nothing else', async () => {
  const alice = await house.person('alice');
  await alice.unit('welcome');
  await alice.settled();
  const height = async (id) => (await alice.block(id).locator('iframe').boundingBox()).height;
  const neighbour = await height('welcome');
  await alice.asBlock('been_to_the_sea', () => {
    for (const odd of [null, 'x', 7, { type: 'blockhouse-height' }, { type: 'blockhouse-height', height: '9' }]) parent.postMessage(odd, '*');
    parent.postMessage({ type: 'blockhouse-height', height: 1e9 }, '*');
  });
  await alice.page.waitForFunction(() => [...document.querySelectorAll('iframe')].some((frame) => frame.clientHeight === 20000));
  assert.equal(await height('been_to_the_sea'), 20000);
  assert.equal(await height('welcome'), neighbour);
  assert.deepEqual(alice.problems, []);
  await alice.close();
});

test('without development mode there is no switch', async () => {
  const strict = await House.open({ BLOCKHOUSE_DEVELOPMENT: 'false' });
  try {
    const person = await strict.person();
    await person.page.goto(strict.url);
    assert.equal(await person.page.getByText('Development mode').count(), 0);
    const answer = await fetch(`${strict.url}/dev/identity`, { method: 'POST', body: new URLSearchParams({ identity: 'alice', next: '/' }) });
    assert.equal(answer.status, 404);
  } finally {
    await strict.close();
  }
});

test('a frame with an origin of its own reaches neither its page nor another frame', async () => {
  const apart = await House.open((port) => ({
    BLOCKHOUSE_PUBLIC_URL: `http://learn.school.test:${port}`,
    BLOCKHOUSE_HTTP__FRAME_ORIGINS: `http://*.blocks.school.test:${port}`,
  }));
  try {
    const alice = await apart.person('alice');
    await alice.unit('welcome');
    await alice.settled();
    const look = () => {
      const attempt = (what) => { try { return String(what()); } catch (error) { return error.name; } };
      const others = [...Array(parent.length).keys()].map((number) => parent[number]).filter((frame) => frame !== self);
      return {
        origin: self.origin,
        cookies: attempt(() => document.cookie),
        kept: attempt(() => { localStorage.setItem('seen', 'yes'); return localStorage.length; }),
        page: attempt(() => parent.document.title),
        others: [...new Set(others.map((frame) => attempt(() => frame.document.title)))],
      };
    };
    const [one, other] = [await alice.asBlock('been_to_the_sea', look), await alice.asBlock('welcome', look)];
    assert.match(one.origin, /^http:\/\/[0-9a-f]{40}\.blocks\.school\.test:\d+$/);
    assert.notEqual(one.origin, other.origin);
    for (const seen of [one, other]) {
      assert.deepEqual({ ...seen, origin: '' }, { origin: '', cookies: '', kept: '1', page: 'SecurityError', others: ['SecurityError'] });
    }
    // What the host serves to its learner stays out of reach, and so does another block's handler.
    const outcome = await alice.asBlock('been_to_the_sea', async (_body, address) => {
      const answer = await fetch(address, { credentials: 'include' }).catch((error) => error.name);
      return answer.status ?? answer;
    }, `${apart.url}/api/xblock/v2/xblocks/${usage('html', 'welcome')}/view/student_view/`);
    assert.equal(outcome, 'TypeError');
    // To a browser the two are one site, so cookies go along; what they would change is refused.
    await alice.asBlock('been_to_the_sea', async (_body, address) => {
      const body = new URLSearchParams({ identity: 'bob', next: '/' });
      await fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include', body }).catch(() => null);
    }, `${apart.url}/dev/identity`);
    assert.deepEqual(alice.problems.filter((problem) => !problem.includes('blocked by CORS') && !problem.includes('Failed to load')), []);
    await alice.screenshot('frame-origins');
    // The block works as it does without.
    await alice.inside('been_to_the_sea').getByLabel('Many times').check();
    await alice.inside('been_to_the_sea').getByRole('button', { name: 'Submit' }).click();
    await alice.inside('been_to_the_sea').getByRole('heading', { name: 'Results' }).waitFor();
    await alice.page.goto(apart.url);
    assert.equal(await alice.page.getByLabel('You are').inputValue(), 'alice');
    await alice.close();
  } finally {
    await apart.close();
  }
});
