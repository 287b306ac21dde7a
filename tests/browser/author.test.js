// An author makes a library, writes a text in the block's own editor, previews and publishes it; with the keyboard too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House } from './harness.js';

let house;
before(async () => { house = await House.open(); });
after(() => house?.close());

const frame = (page, title) => page.frameLocator(`iframe[title^="${title}"]`);

test('an author writes, previews and publishes', async () => {
  const ann = await house.person('ann');
  const { page } = ann;
  await page.goto(`${house.url}/author/`);
  await page.getByLabel('Title').fill('Tides');
  await page.getByLabel('Organisation').fill('Harbour');
  await page.getByLabel('Name').fill('tides');
  await page.getByRole('button', { name: 'Create the library' }).click();
  await page.getByRole('heading', { name: 'Tides', level: 1 }).waitFor();

  await page.getByLabel('Type').selectOption('html');
  await page.getByLabel('Name in the key').fill('ebb');
  await page.getByRole('button', { name: 'Add the block' }).click();
  const editor = frame(page, 'Editor of');
  await editor.getByLabel('Name').fill('Ebb');
  await editor.getByLabel('Text, as HTML').fill('<p>The water <b>goes</b>.</p>');
  await editor.getByRole('button', { name: 'Save' }).click();
  await editor.getByText('Saved.').waitFor();

  await page.reload();
  await frame(page, 'As learners see it').getByText('The water goes.').waitFor();
  await frame(page, 'As visitors without an account').getByText('The water goes.').waitFor();
  await page.screenshot({ path: new URL('./artifacts/author-block.png', import.meta.url).pathname, fullPage: true });

  // By key: just after a scroll, a browser that is busy gives a click to the frame that was there before.
  await page.getByRole('link', { name: 'Tides' }).press('Enter');
  await page.getByRole('heading', { name: 'Tides', level: 1 }).waitFor();
  await page.locator('.diff').getByText('The water').waitFor();
  await page.screenshot({ path: new URL('./artifacts/author-library.png', import.meta.url).pathname, fullPage: true });
  await page.getByRole('button', { name: 'Publish all changes' }).click();
  await page.getByText('Nothing changed.').waitFor();
  assert.deepEqual(ann.problems, []);
  await ann.close();
});

test('OLX with a mistake is shown with its line, and is still there', async () => {
  const ann = await house.person('ann');
  const { page } = ann;
  await page.goto(`${house.url}/author/block/lb:Harbour:tides:html:ebb`);
  const olx = page.getByLabel('The block as XML');
  await olx.fill('<html>\n<p>mine</html>');
  await page.getByRole('button', { name: 'Save the OLX' }).click();
  assert.match(await page.getByRole('alert').textContent(), /OLX:2:/);
  assert.match(await olx.inputValue(), /mine/);
  await page.screenshot({ path: new URL('./artifacts/author-mistake.png', import.meta.url).pathname });
  await ann.close();
});

test('an author publishes with the keyboard only', async () => {
  const ann = await house.person('ann');
  const { page } = ann;
  await page.goto(`${house.url}/author/block/lb:Harbour:tides:html:ebb`);
  await page.getByLabel('The block as XML').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('<html>by hand</html>');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('changed since it was published').waitFor();
  await page.getByRole('button', { name: 'Publish this block' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('· published ·').waitFor();
  await ann.close();
});

test('a learner sees no library of others', async () => {
  const alice = await house.person('alice');
  await alice.page.goto(`${house.url}/author/`);
  await alice.page.getByText('There is no library here that you can read.').waitFor();
  await alice.close();
});
