// How long a unit of ten blocks takes until all of them can be used, in a browser that has nothing of it yet. Wanted: 1.5 s.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { House } from '../harness.js';

const ROUNDS = 7;
const CHOICES = '<multiplechoiceresponse><label>Which?</label><choicegroup><choice correct="true">This</choice><choice correct="false">That</choice></choicegroup></multiplechoiceresponse>';

const block = (number) => [
  `<html url_name="h${number}"><![CDATA[<h2>Part ${number}</h2><p>${'Words to read. '.repeat(60)}</p>]]></html>`,
  `<problem url_name="p${number}">${CHOICES}</problem>`,
  `<poll url_name="q${number}"/>`,
][number % 3];

const source = await mkdtemp(path.join(os.tmpdir(), 'blockhouse-load-'));
const blocks = Array.from({ length: 10 }, (_, number) => block(number)).join('\n');
await writeFile(
  path.join(source, 'course.xml'),
  `<course org="Load" course="Ten" url_name="1"><chapter url_name="c"><sequential url_name="s"><vertical url_name="ten">${blocks}</vertical></sequential></chapter></course>`,
);
execFileSync(process.env.BLOCKHOUSE_BIN, ['import', source], { stdio: 'ignore', env: { ...process.env, BLOCKHOUSE_BIN: undefined } });
const house = await House.open();
const key = (type, id) => `block-v1:Load+Ten+1+type@${type}+block@${id}`;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const first = [];
const usable = [];
for (let round = 0; round < ROUNDS; round += 1) {
  // A window that shows all of them: no frame waits to be scrolled to.
  const person = await house.person('visitor', { viewport: { width: 1000, height: 6000 } });
  await person.page.goto(`${house.url}/learn/course-v1:Load+Ten+1/${key('vertical', 'ten')}`, { waitUntil: 'commit' });
  const frames = await person.page.locator('iframe.frame').all();
  if (frames.length !== 10) await person.page.locator('iframe.frame').nth(9).waitFor();
  await Promise.all(
    (await person.page.locator('iframe.frame').all()).map((frame) => frame.contentFrame().locator('.xblock-initialized').first().waitFor()),
  );
  const { now, paint } = await person.page.evaluate(() => ({
    now: performance.now(),
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  }));
  first.push(paint);
  usable.push(now);
  await person.close();
}
console.log(`\na unit of ten blocks, cold cache, medians of ${ROUNDS}; wanted usable within 1500 ms`);
console.log(`  first contentful paint   ${median(first).toFixed(0).padStart(6)} ms`);
console.log(`  all ten blocks usable    ${median(usable).toFixed(0).padStart(6)} ms`);
await house.close();
await rm(source, { recursive: true });
