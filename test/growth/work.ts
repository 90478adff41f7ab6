/** Counting what is done, so that growth is guarded by numbers that are the same on every machine. */
import { Graph } from '../../src/graph/graph.ts';
import { Node } from '../../src/graph/node.ts';
import { FieldWriter } from '../../src/graph/wire.ts';

/** How often whole things were done, and how much was written. */
export interface Work {
	/** Looks at a node's attributes, inputs' sources and length: a measure of nodes visited. */
	looks: number;
	/** Nodes serialized. */
	encoded: number;
	/** Bytes copied into messages. */
	copied: number;
	/** Indexes of a whole graph that were asked for: positions, edges, op types. */
	indexes: number;
}

type Getter = () => unknown;

/** Counts while `body` runs. The program itself counts nothing: its methods are stood in for. */
export async function counted(body: () => unknown): Promise<Work> {
	const work: Work = { looks: 0, encoded: 0, copied: 0, indexes: 0 };
	const restore: (() => void)[] = [];
	const onGetter = (of: object, name: string, count: () => void): void => {
		const old = Object.getOwnPropertyDescriptor(of, name)!;
		const get = old.get as Getter;
		Object.defineProperty(of, name, {
			...old,
			get(this: unknown) {
				count();
				return get.call(this);
			},
		});
		restore.push(() => Object.defineProperty(of, name, old));
	};
	const onMethod = (of: object, name: string, count: (...args: never[]) => void): void => {
		const old = Object.getOwnPropertyDescriptor(of, name)!;
		const method = old.value as (...args: unknown[]) => unknown;
		Object.defineProperty(of, name, {
			...old,
			value(this: unknown, ...args: unknown[]) {
				count(...(args as never[]));
				return method.apply(this, args);
			},
		});
		restore.push(() => Object.defineProperty(of, name, old));
	};
	for (const name of ['attrs', 'sources', 'byteLength', 'elements'])
		onGetter(Node.prototype, name, () => work.looks++);
	for (const name of ['position', 'topology', 'byOp']) onGetter(Graph.prototype, name, () => work.indexes++);
	onMethod(Node.prototype, 'encode', () => work.encoded++);
	onMethod(FieldWriter.prototype, 'raw', (bytes: Uint8Array) => {
		work.copied += bytes.length;
	});
	try {
		await body();
	} finally {
		for (const undo of restore) undo();
	}
	return work;
}
