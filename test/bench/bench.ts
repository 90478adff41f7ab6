/** What every measurement gets, and a list of those that can be asked for by name. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeGraphDef } from '../../src/formats/graph-def.ts';
import { writeWholeFile } from '../../src/formats/write-file.ts';
import type { Clock, Row } from './measure.ts';
import { type BenchModel, models } from './models.ts';
import type { Reference } from './reference.ts';

export type ModelName = keyof typeof models;

export interface BenchContext {
	readonly folder: string;
	readonly reference: Reference | undefined;
	readonly repetitions: number;
	readonly clock: Clock;
	/** Only rows for which this holds are taken. */
	wanted(group: string, what: string, model: string): boolean;
	add(row: Row): void;
	/** The file of a model, made when first asked for. */
	file(model: ModelName): string;
}

export interface Bench {
	readonly name: string;
	readonly summary: string;
	run(context: BenchContext): Promise<void>;
}

/** Writes models into a folder, each once, in a folder of its own. */
export function modelFiles(folder: string): (name: ModelName) => string {
	const made = new Map<ModelName, string>();
	return (name) => {
		let file = made.get(name);
		if (file === undefined) {
			const model: BenchModel = models[name];
			file = join(folder, name, `${name}.pb`);
			mkdirSync(join(folder, name));
			writeWholeFile(file, encodeGraphDef(model.build()), { force: true });
			made.set(name, file);
		}
		return file;
	};
}
