/** Which nodes TensorFlow's CPU build can run (`proto/cpu-kernels.json`, recorded from TensorFlow 2.21). */
import { readFileSync } from 'node:fs';
import type { Node } from '../graph/node.ts';
import { packageFile } from '../graph/package-file.ts';

/** Attribute → the dtypes (or strings) that it may have. */
type Alternative = Readonly<Record<string, readonly (number | string)[]>>;

let table: ReadonlyMap<string, readonly Alternative[]> | undefined;

function load(): ReadonlyMap<string, readonly Alternative[]> {
	table ??= new Map(
		Object.entries(
			JSON.parse(readFileSync(packageFile('proto/cpu-kernels.json'), 'utf8')) as Record<
				string,
				Alternative[]
			>,
		),
	);
	return table;
}

/** Whether TensorFlow has a CPU kernel for this op with these attributes; defaults must be written out. */
export function hasCpuKernel(node: Node): boolean {
	const alternatives = load().get(node.op);
	if (!alternatives || node.attr('_kernel')?.string) return false;
	return alternatives.length === 0 || alternatives.some((alternative) => accepts(alternative, node));
}

function accepts(alternative: Alternative, node: Node): boolean {
	for (const [name, allowed] of Object.entries(alternative)) {
		const attr = node.attr(name);
		if (!attr) return false;
		const values = attr.kind === 'list' ? attr.types! : [attr.type ?? attr.string];
		if (!values.every((value) => value !== undefined && allowed.includes(value))) return false;
	}
	return true;
}
