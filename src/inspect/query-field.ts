/** What a field of the query language is. */
import type { NodeIndex } from './node-index.ts';
import type { Leaf } from './query-syntax.ts';

/** Whether the node at a position fits. */
export type NodeTest = (position: number) => boolean;

export interface QueryField {
	readonly name: string;
	/** What it is, in a few words. */
	readonly summary: string;
	readonly example: string;
	/** How dear a test is: cheap ones run first. */
	readonly cost: number;
	/** What completion offers after the colon. */
	readonly values: 'name' | 'op' | 'dtype' | 'device' | 'scope' | 'number' | 'shape' | 'attr';
	/** @param key what follows `attr.`. @throws WhittleError with a span in the query. */
	test(index: NodeIndex, leaf: Leaf, key: string): NodeTest;
}
