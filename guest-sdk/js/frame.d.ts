// What a block's front end finds in its frame. The host loads it before the block's own scripts run their `Init`
// functions; nothing has to be imported or bundled. Who writes modules may import the same from `blockhouse-sdk/frame`.
//
//     const block = blockhouse.block(element);
//     const tally = await block.call('vote', { voteType: 'up' });
//     const off = block.on('delivery', (state) => { … });

/** How a submission stands. `waiting`: it could not be sent yet, and is sent again by itself. */
export type Delivery = 'sending' | 'waiting' | 'delivered' | 'failed';

/** A handler answered with a status that is no success. */
export declare class HandlerError extends Error {
  name: 'HandlerError';
  /** The HTTP status. */
  status: number;
  /** What the handler said: JSON when it said so, else text. */
  answer: unknown;
}

/** One block of the frame's document. */
export interface Block {
  /** The block's element. */
  readonly element: HTMLElement;
  /** The block's usage key. */
  readonly usage: string;
  /**
   * Calls one of the block's handlers with `data` as JSON, and gives its answer: JSON when it says so, else text.
   *
   * Calls of one block leave one after the other. When the connection is gone the promise stays open until the call
   * has arrived; however often it had to be sent, the handler runs once. Rejects with a `HandlerError`.
   */
  call<Answer = unknown>(handler: string, data?: unknown): Promise<Answer>;
  /** Hears how this block's submissions stand. Returns the way to stop. */
  on(event: 'delivery', listener: (state: Delivery) => void): () => void;
  /** Hears what a block of this frame says with `notify`. Returns the way to stop. */
  on(event: string, listener: (data: unknown) => void): () => void;
  /** Says something to the blocks of this frame and to the page around it. */
  notify(event: string, data?: unknown): void;
}

/** The block that an element belongs to. */
export declare function block(inside: Element): Block;

/** A JavaScript block of the runtime v1: what its `Init` returned, and what the host adds. */
export interface RuntimeBlock {
  element: HTMLElement;
  name?: string;
  type: string;
  runtime: RuntimeV1;
  [property: string]: unknown;
}

/** The first argument of `Init(runtime, element, args)`: the interface of the blocks of Open edX. */
export interface RuntimeV1 {
  /** The address of a handler; `query` without the question mark. */
  handlerUrl(element: Element, handler: string, suffix?: string, query?: string): string;
  /** The started blocks directly inside this one. */
  children(element: Element): RuntimeBlock[];
  /** The child whose `data-name` this is. */
  childMap(element: Element, name: string): RuntimeBlock | undefined;
  /** Says something to the page around the frame. */
  notify(event: string, data?: unknown): void;
}

declare global {
  interface Window {
    readonly blockhouse: { block: typeof block; HandlerError: typeof HandlerError };
  }
  const blockhouse: Window['blockhouse'];
}
