import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { applyConfig, writeConfigLine } from '../../src/session/config.ts';
import { configFile, journalFolder } from '../../src/session/places.ts';
import { Session } from '../../src/session/session.ts';
import { MemoryHost } from './memory-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'whittle-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the configuration file', () => {
	it('sets what it can, and says what it cannot', () => {
		const file = join(folder, 'config');
		writeFileSync(
			file,
			'# mine\nset rows 40\nset theme purple\nalias clean remove_nodes(op=Identity)\nremove_device\n',
		);
		const session = new Session(new MemoryHost());
		const problems = applyConfig(session, file);
		expect(session.settings.get('rows')).toBe('40');
		expect(session.settings.get('theme')).toBe('auto');
		expect(session.aliases.get('clean')).toBe('remove_nodes(op=Identity)');
		expect(problems).toHaveLength(2);
		expect(problems[0]).toContain('line 3: `theme` cannot be `purple`');
		expect(problems[1]).toContain('line 5');
	});

	it('takes a line in the place of the one about the same name', () => {
		const file = join(folder, 'made', 'config');
		writeConfigLine('set', 'rows', '30', file);
		writeConfigLine('alias', 'rows', 'log', file);
		writeConfigLine('set', 'rows', '50', file);
		expect(readFileSync(file, 'utf8')).toBe('alias rows log\nset rows 50\n');
	});

	it('need not be there', () => {
		expect(applyConfig(new Session(new MemoryHost()), join(folder, 'none'))).toEqual([]);
	});
});

describe('places', () => {
	it('follow XDG, or one folder for everything', () => {
		expect(configFile({ XDG_CONFIG_HOME: '/c' })).toBe('/c/whittle/config');
		expect(journalFolder({ XDG_STATE_HOME: '/s' })).toBe('/s/whittle/sessions');
		expect(configFile({ WHITTLE_HOME: '/w', XDG_CONFIG_HOME: '/c' })).toBe('/w/config');
		expect(journalFolder({ WHITTLE_HOME: '/w' })).toBe('/w/sessions');
		expect(configFile({})).toMatch(/\.config\/whittle\/config$/);
	});
});
