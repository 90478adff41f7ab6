/** The C++ tool's way to rewire a whole graph by a table of old and new inputs (spec: core-and-rewiring 6.5). */
import { WhittleError } from '../graph/error.ts';
import { canonicalInput, inputParts, isControl, isMarked, sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { compareBytes } from '../graph/text.ts';

interface Rule {
	readonly key: string;
	/** The old input in full (`a:0`), or undefined where the key is `a:*` and takes every port. */
	readonly from: string | undefined;
	readonly to: string;
}

/** What happens to the inputs that name a node. Most rules are for a plain name and stand alone. */
interface Rules {
	/** New inputs for `a` and `a:0`, by that name. */
	readonly plain: ReadonlyMap<string, string>;
	/** All rules for the names that have others as well, in the order of their keys. */
	readonly groups: ReadonlyMap<string, readonly Rule[]>;
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
	const rules = yield* stage(groupRules(renames), 0, 0.2);
	const result: Node[] = [];
	for (let i = 0; i < nodes.length; i++) {
		if (isTurn(i)) yield { done: 0.2 + (0.8 * i) / nodes.length, total: 1 };
		const node = nodes[i]!;
		result.push(isTouched(node, rules) ? renamedNode(node, rules, except.has(node.name)) : node);
	}
	return result;
}

function isTouched({ sources }: Node, { plain, groups }: Rules): boolean {
	for (let i = 0; i < sources.length; i++)
		if (plain.has(sources[i]!) || (groups.size > 0 && groups.has(sources[i]!))) return true;
	return false;
}

function renamedNode(node: Node, rules: Rules, keep: boolean): Node {
	const inputs = new Array<string>(node.inputs.length);
	for (let i = 0; i < inputs.length; i++) inputs[i] = renamed(node.inputs[i]!, rules, keep);
	return node.with({ inputs });
}

function* groupRules(renames: ReadonlyMap<string, string>): Work<Rules> {
	const groups = new Map<string, Rule[]>();
	let done = 0;
	for (const [key, to] of renames) {
		if (isTurn(done++)) yield { done, total: renames.size };
		if (!isMarked(key)) continue;
		const rule = { key, from: key.endsWith(':*') ? undefined : canonicalInput(key), to };
		const name = sourceOf(key);
		const group = groups.get(name);
		if (group) group.push(rule);
		else groups.set(name, [rule]);
	}
	for (const [name, group] of groups) {
		const to = renames.get(name);
		if (to !== undefined && !isMarked(name)) group.push({ key: name, from: canonicalInput(name), to });
		if (group.length > 1) group.sort((a, b) => compareBytes(a.key, b.key));
	}
	return { plain: renames, groups };
}

function renamed(input: string, rules: Rules, keep: boolean): string {
	let current = input;
	/** The names that were left, the first one apart: most inputs are renamed once. */
	let first: string | undefined;
	let seen: Set<string> | undefined;
	for (;;) {
		const name = sourceOf(current);
		const group = rules.groups.size > 0 ? rules.groups.get(name) : undefined;
		// `^a` in the table is a rule for a control input, not for what `^^a` names.
		const to = group || isControl(name) ? undefined : rules.plain.get(name);
		if (!group && to === undefined) return current;
		if (name === first || seen?.has(name)) {
			throw new WhittleError('transform', `RenameNodeInputs argument contains a cycle for ${name}`);
		}
		if (first === undefined) first = name;
		else seen = (seen ?? new Set()).add(name);
		if (keep) return current;
		const next = group ? renamedByGroup(current, group) : isFirstOutput(current, name) ? to : undefined;
		if (next === undefined) return current;
		current = next;
	}
}

/** Whether an input that names a node is `a` or `a:0`. */
function isFirstOutput(input: string, name: string): boolean {
	return input.length === name.length || (!isControl(input) && inputParts(input).suffix === ':0');
}

/** @returns undefined where no rule fits. */
function renamedByGroup(input: string, group: readonly Rule[]): string | undefined {
	let current = input;
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
	return matched ? current : undefined;
}
