/** The forms in which a session can be exported: the one list. */
import type { ExportForm } from './define.ts';
import { notebook } from './notebook.ts';
import { pythonScript } from './python-script.ts';
import { sessionScript } from './session-script.ts';
import { shellScript } from './shell-script.ts';
import { typescriptProgram } from './typescript-program.ts';

export const exportForms: readonly ExportForm[] = [
	sessionScript,
	shellScript,
	pythonScript,
	typescriptProgram,
	notebook,
];

/** The form that a file's name asks for. */
export function exportFormOf(file: string): ExportForm | undefined {
	return exportForms.find((form) => file.toLowerCase().endsWith(form.ending));
}
