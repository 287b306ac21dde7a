// For the entry that `blockhouse build` generates around a block.
export { attach } from "./block.js";
