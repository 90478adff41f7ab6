/** TensorFlow's op registry (`proto/ops.pb`, 1,900 signatures): an op is decoded when someone asks for it. */
import { readFileSync } from 'node:fs';
import { type OpDef, OpDefCodec } from '../../proto/codec.ts';
import { packageFile } from '../graph/package-file.ts';
import { decodeText } from '../graph/text.ts';
import { FieldReader } from '../graph/wire.ts';

let slices: ReadonlyMap<string, Uint8Array> | undefined;
const decoded = new Map<string, OpDef | undefined>();

function load(): ReadonlyMap<string, Uint8Array> {
	if (slices) return slices;
	const found = new Map<string, Uint8Array>();
	const bytes = readFileSync(packageFile('proto/ops.pb'));
	const list = new FieldReader(bytes);
	while (list.next()) {
		if (list.field !== 1) continue;
		const op = new FieldReader(bytes, list.start, list.end);
		while (op.next()) {
			if (op.field !== 1) continue;
			found.set(decodeText(bytes, op.start, op.end), list.slice);
			break;
		}
	}
	slices = found;
	return found;
}

/** The signature of a registered op; undefined when TensorFlow 2.21 does not know it. */
export function opDef(op: string): OpDef | undefined {
	if (!decoded.has(op)) {
		const slice = load().get(op);
		decoded.set(op, slice && OpDefCodec.decode(slice));
	}
	return decoded.get(op);
}

export function isRegistered(op: string): boolean {
	return load().has(op);
}

/** Whether the op keeps state, so that two equal nodes are not one. */
export function isStateful(op: string): boolean {
	return opDef(op)?.is_stateful ?? false;
}

/** All registered op types. */
export function registeredOps(): readonly string[] {
	return [...load().keys()];
}
