/**
 * Writes `proto/descriptor.json` (what protobufjs loads) and `proto/messages.ts` (the same messages as
 * TypeScript interfaces) from the `.proto` files. Run with `npm run proto`; a test holds both up to date.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const folder = fileURLToPath(new URL('../proto/', import.meta.url));

const scalars: Record<string, string> = {
	double: 'number',
	float: 'number',
	int32: 'number',
	uint32: 'number',
	sint32: 'number',
	fixed32: 'number',
	int64: 'Long',
	uint64: 'Long',
	fixed64: 'Long',
	bool: 'boolean',
	string: 'string',
	bytes: 'Uint8Array',
};

/** Both generated files, as text. */
export function generate(): { descriptor: string; messages: string } {
	const root = new protobuf.Root();
	root.resolvePath = (_origin, target) => folder + target;
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) =>
		f.endsWith('.proto'),
	);
	root.loadSync(files.sort(), { keepCase: true });
	root.resolveAll();
	const lines = [
		'// Generated from the .proto files by `npm run proto`. Do not edit.',
		"import type Long from 'long';",
		'',
	];
	const visit = (space: protobuf.NamespaceBase, prefix: string): void => {
		for (const object of space.nestedArray) {
			if (object instanceof protobuf.Type) {
				lines.push(`export interface ${prefix}${object.name} {`);
				for (const field of object.fieldsArray)
					lines.push(`\t${field.name}${field.partOf ? '?' : ''}: ${typeOf(field)};`);
				lines.push('}', '');
				visit(object, `${prefix}${object.name}_`);
			} else if (object instanceof protobuf.Namespace) visit(object, prefix);
		}
	};
	visit(root, '');
	return {
		descriptor: `${JSON.stringify(root.toJSON({ keepComments: false }))}\n`,
		messages: lines.join('\n'),
	};
}

function typeOf(field: protobuf.Field): string {
	const base = scalars[field.type] ?? referenceTo(field.resolvedType);
	if (field.map) return `Record<string, ${base}>`;
	if (field.repeated) return `${base}[]`;
	return field.resolvedType instanceof protobuf.Type && !field.partOf ? `${base} | null` : base;
}

function referenceTo(type: protobuf.Type | protobuf.Enum | null): string {
	if (!(type instanceof protobuf.Type)) return 'number';
	const parts: string[] = [];
	for (let at: protobuf.ReflectionObject | null = type; at instanceof protobuf.Type; at = at.parent)
		parts.unshift(at.name);
	return parts.join('_');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { descriptor, messages } = generate();
	writeFileSync(`${folder}descriptor.json`, descriptor);
	writeFileSync(`${folder}messages.ts`, messages);
}
