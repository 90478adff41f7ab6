/** Patterns of nodes, written as text: one node a line, its inputs below it, indented (spec: folding 2.2). */

/** One line of a pattern. Lines are numbered from the top; the first is the head. */
export interface PatternNode {
	/** `Conv2D|MatMul`, or `*` for any op. */
	readonly label: string;
	/** Undefined where any op will do. */
	readonly ops: ReadonlySet<string> | undefined;
	/** Numbers of the lines that its data inputs must fit, in order; none leaves the inputs open. */
	readonly inputs: readonly number[];
}

export interface Pattern {
	readonly nodes: readonly PatternNode[];
	/** Role → number of the line. */
	readonly roles: ReadonlyMap<string, number>;
}

/**
 * Reads a pattern. A line is an op, `A|B` or `*`, and what the node is called in a match, if anything:
 *
 * ```
 * Mul               mul
 *   Conv2D|MatMul   conv
 *     *             input
 *     Const         weights
 *   Const           scale
 * ```
 * @throws where a line is indented deeper than one step below the line before.
 */
export function parsePattern(text: string): Pattern {
	const nodes: { label: string; ops: ReadonlySet<string> | undefined; inputs: number[] }[] = [];
	const roles = new Map<string, number>();
	const open: { indent: number; line: number }[] = [];
	for (const row of text.split('\n')) {
		if (row.trim() === '') continue;
		const indent = row.search(/\S/);
		const [label, role] = row.trim().split(/\s+/);
		while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
		const line = nodes.length;
		if (line > 0 && open.length === 0) throw new Error(`a pattern has one head: ${text}`);
		if (open.length > 0) nodes[open.at(-1)!.line]!.inputs.push(line);
		nodes.push({ label: label!, ops: label === '*' ? undefined : new Set(label!.split('|')), inputs: [] });
		if (role) roles.set(role, line);
		open.push({ indent, line });
	}
	return { nodes, roles };
}

/** Whether a pattern's line takes an op. */
export function takes(node: PatternNode, op: string): boolean {
	return node.ops === undefined || node.ops.has(op);
}
