/** The C++ tool's way to rewire a whole graph by a table of old and new inputs (spec: core-and-rewiring 6.5). */
import { WhittleError } from '../graph/error.ts';
import { canonicalInput, inputParts, sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { compareBytes } from '../graph/text.ts';

interface Rule {
	readonly key: string;
	/** The old input in full (`a:0`), or undefined where the key is `a:*` and takes every port. */
	readonly from: string | undefined;
	readonly to: string;
}

/**
 * Rewires every node. A key `a` stands for `a` and `a:0` alone, `^a` for the control input, `a:*` for all of
 * them, keeping `^` and port. A result that is itself a key is looked up again.
 * @param renames old input → new input
 * @param except names of nodes whose inputs stay as they are
 * @returns the nodes in the same order; one without a renamed input is the same value
 * @throws WhittleError `transform` when a chain of renames comes back to a name that it has left.
 */
export function* renameInputs(
	nodes: readonly Node[],
	renames: ReadonlyMap<string, string>,
	except: ReadonlySet<string> = new Set(),
): Work<readonly Node[]> {
	if (renames.size === 0) return nodes;
	const rules = yield* stage(groupRules(renames), 0, 0.4);
	const touched = (source: string): boolean => rules.has(source);
	const result: Node[] = [];
	for (let i = 0; i < nodes.length; i++) {
		if (isTurn(i)) yield { done: 0.4 + (0.6 * i) / nodes.length, total: 1 };
		const node = nodes[i]!;
		if (!node.sources.some(touched)) {
			result.push(node);
			continue;
		}
		const keep = except.has(node.name);
		result.push(node.with({ inputs: node.inputs.map((input) => renamed(input, rules, keep)) }));
	}
	return result;
}

function* groupRules(renames: ReadonlyMap<string, string>): Work<ReadonlyMap<string, readonly Rule[]>> {
	const groups = new Map<string, Rule[]>();
	let done = 0;
	for (const [key, to] of renames) {
		if (isTurn(done++)) yield { done, total: renames.size };
		const rule = { key, from: key.endsWith(':*') ? undefined : canonicalInput(key), to };
		const name = sourceOf(key);
		const group = groups.get(name);
		if (group) group.push(rule);
		else groups.set(name, [rule]);
	}
	for (const group of groups.values()) if (group.length > 1) group.sort((a, b) => compareBytes(a.key, b.key));
	return groups;
}

function renamed(input: string, rules: ReadonlyMap<string, readonly Rule[]>, keep: boolean): string {
	let current = input;
	/** The names that were left, the first one apart: most inputs are renamed once. */
	let first: string | undefined;
	let seen: Set<string> | undefined;
	for (;;) {
		const name = sourceOf(current);
		const group = rules.get(name);
		if (!group) return current;
		if (name === first || seen?.has(name)) {
			throw new WhittleError('transform', `RenameNodeInputs argument contains a cycle for ${name}`);
		}
		if (first === undefined) first = name;
		else seen = (seen ?? new Set()).add(name);
		if (keep) return current;
		let matched = false;
		for (const { from, to } of group) {
			if (from === undefined) {
				const { prefix, suffix } = inputParts(current);
				current = prefix + to + suffix;
				matched = true;
			} else if (from === canonicalInput(current)) {
				current = to;
				matched = true;
			}
		}
		if (!matched) return current;
	}
}
