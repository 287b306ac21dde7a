// The interface of the frame as a module, for front ends that are bundled or written as modules:
//
//     import { block } from 'blockhouse-sdk/frame';
//
// It is what the host put into the frame's document, so a bundle of it holds no copy that could grow old. Types are in
// `frame.d.ts`.
const { blockhouse } = globalThis;
if (!blockhouse) throw new Error('this module works in a frame of Blockhouse only; in a test, set `globalThis.blockhouse` before it is imported');

export const { block, HandlerError } = blockhouse;
