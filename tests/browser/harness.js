// A server of its own with the sample course for each test file, a browser, and the words in which tests speak of pages.
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const COURSE = 'course-v1:Blockhouse+Tour+2026';
const ARTIFACTS = new URL('./artifacts/', import.meta.url).pathname;
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP *.school.test 127.0.0.1',
];

/** The usage key of a block of the sample course. */
export const usage = (type, id) => `block-v1:Blockhouse+Tour+2026+type@${type}+block@${id}`;

const freePort = () => new Promise((resolve, reject) => {
  const probe = net.createServer().once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

/** Waits until something holds. */
async function eventually(holds) {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`this never came true: ${holds}`);
}

/** A server process. `data` outlives it, so that a second one can take over. */
class Server {
  constructor(data, port, settings) {
    const { BLOCKHOUSE_BIN: binary, ...environment } = process.env;
    this.address = `http://127.0.0.1:${port}`;
    this.url = settings.BLOCKHOUSE_PUBLIC_URL ?? this.address;
    this.process = spawn(binary, ['serve'], {
      env: { ...environment, BLOCKHOUSE_DATA: data, BLOCKHOUSE_LISTEN: `127.0.0.1:${port}`, ...settings },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.exited = new Promise((resolve) => this.process.once('exit', (code, signal) => {
      if (!this.stopping) console.error(`the server ended by itself: ${signal ?? `exit code ${code}`}`);
      resolve();
    }));
  }

  async ready() {
    for (let attempt = 0; attempt < 300; attempt += 1) {
      const answer = await fetch(`${this.address}/readyz`).catch(() => null);
      if (answer?.ok) return this;
      if (this.process.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the server did not get ready');
  }

  async stop() {
    this.stopping = true;
    this.process.kill('SIGTERM');
    await this.exited;
  }
}

/** Everything that one test file needs. */
export class House {
  /** `settings` of the server, or what makes them of its port. */
  static async open(settings = {}) {
    const { BLOCKHOUSE_BIN, BLOCKHOUSE_DATA } = process.env;
    if (!BLOCKHOUSE_BIN || !BLOCKHOUSE_DATA) {
      throw new Error('BLOCKHOUSE_BIN and BLOCKHOUSE_DATA have to name the binary and its data; run scripts/test-browser');
    }
    const house = new House();
    house.data = await mkdtemp(path.join(os.tmpdir(), 'blockhouse-browser-'));
    await cp(BLOCKHOUSE_DATA, house.data, { recursive: true });
    house.port = await freePort();
    house.settings = typeof settings === 'function' ? settings(house.port) : settings;
    house.server = await new Server(house.data, house.port, house.settings).ready();
    house.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
    await mkdir(ARTIFACTS, { recursive: true });
    return house;
  }

  get url() {
    return this.server.url;
  }

  /** Stops the server and starts another one on the same data. */
  async restart() {
    await this.server.stop();
    this.server = await new Server(this.data, this.port, this.settings).ready();
  }

  /** Somebody with a browser profile of their own. */
  async person(name = 'visitor', options = {}) {
    const context = await this.browser.newContext(options);
    const person = new Person(this, await context.newPage());
    if (name !== 'visitor') {
      await person.page.goto(this.url);
      await person.become(name);
    }
    return person;
  }

  async close() {
    await this.browser?.close();
    await this.server?.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}

/** What people do. */
export class Person {
  constructor(house, page) {
    this.house = house;
    this.page = page;
    /** What went wrong on the pages that this person saw. */
    this.problems = [];
    page.on('pageerror', (error) => this.problems.push(`script: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && this.problems.push(`console: ${message.text()}`));
  }

  async become(name) {
    await this.page.getByLabel('You are').selectOption(name);
    await this.page.getByRole('button', { name: 'Switch' }).click();
  }

  outline() {
    return this.page.goto(`${this.house.url}/learn/${COURSE}`);
  }

  unit(id) {
    return this.page.goto(`${this.house.url}/learn/${COURSE}/${usage('vertical', id)}`);
  }

  /** A block on the page. */
  block(id) {
    return this.page.locator(`.block[data-usage$="@${id}"]`);
  }

  /** What is inside a block's frame. */
  inside(id) {
    return this.block(id).frameLocator('iframe');
  }

  /** Runs a script where a block's own script would run. */
  async asBlock(id, script, argument) {
    await this.inside(id).locator('.xblock-initialized').first().waitFor();
    return this.inside(id).locator('body').evaluate(script, argument);
  }

  /** Waits until every frame is as high as what it shows. */
  async settled() {
    for (const frame of await this.page.locator('iframe.frame').all()) {
      // A browser does not lay out frames that are far from what is seen.
      await frame.scrollIntoViewIfNeeded();
      const inner = () => frame.contentFrame().locator('html').evaluate((html) => html.getBoundingClientRect().height);
      const outer = async () => (await frame.boundingBox()).height;
      await eventually(async () => Math.abs(await outer() - await inner()) <= 1);
    }
  }

  /** A screenshot of the whole page, in a window so high that the browser draws every frame. */
  async screenshot(name) {
    const window = this.page.viewportSize();
    await this.page.setViewportSize({ ...window, height: 3000 });
    await this.settled();
    const height = await this.page.evaluate(() => document.body.getBoundingClientRect().height);
    const clip = { x: 0, y: 0, width: window.width, height: Math.min(Math.ceil(height), 3000) };
    await this.page.screenshot({ path: `${ARTIFACTS}${name}.png`, clip });
    await this.page.setViewportSize(window);
  }

  close() {
    return this.page.context().close();
  }
}
