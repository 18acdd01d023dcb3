import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const aether: MantineColorsTuple = [
  '#eef2ff', '#dfe6fe', '#bccafc', '#96abf9', '#748ff6', '#5f7df5', '#4f6df5', '#3f5ad6', '#364fc0', '#2a42a9',
];

/** Blue-grey instead of neutral: quieter beside the colours of severity. */
const dark: MantineColorsTuple = [
  '#d7dde6', '#aab4c2', '#8793a4', '#5d6878', '#333d4b', '#28313d', '#1a212b', '#141a22', '#0e131a', '#0a0e13',
];

export const theme = createTheme({
  primaryColor: 'aether',
  primaryShade: 7,
  colors: { aether, dark },
  autoContrast: true,
  fontFamily: "Inter, 'Segoe UI Variable Text', 'Segoe UI', -apple-system, system-ui, Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', 'Cascadia Code', ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: '600' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
});

/**
 * The few colours of meaning, each readable on its scheme's panels (contrast 4.5:1 as text), and those of series, which mean nothing
 * but are told apart (3:1, as graphics).
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--page': '#f4f6f9',
    '--panel': '#ffffff',
    '--panel-raised': '#f7f9fb',
    '--line': '#e2e7ee',
    '--line-strong': '#cfd7e1',
    '--ink': '#17202b',
    '--ink-soft': '#556171',
    '--good': '#0b7a55',
    '--good-soft': '#e3f5ee',
    '--attention': '#96570a',
    '--attention-soft': '#fdf1dc',
    '--bad': '#c02b35',
    '--bad-soft': '#fdeaec',
    '--neutral': '#556171',
    '--neutral-soft': '#edf1f5',
    '--accent': '#3f5ad6',
    '--series-1': '#3f5ad6',
    '--series-2': '#0b8285',
    '--series-3': '#b4560b',
    '--series-4': '#7c3aed',
    '--series-5': '#be3a75',
    '--series-6': '#4d7c0f',
    '--series-7': '#0369a1',
    '--series-8': '#806000',
    '--series-rest': '#6b7788',
    '--mantine-color-body': '#f4f6f9',
    '--mantine-color-text': '#17202b',
    '--mantine-color-dimmed': '#556171',
    '--mantine-color-placeholder': '#5f6b7b',
    '--mantine-color-error': '#c02b35',
  },
  dark: {
    '--page': '#0b0f14',
    '--panel': '#121820',
    '--panel-raised': '#18202a',
    '--line': '#222c38',
    '--line-strong': '#324050',
    '--ink': '#e3e9f0',
    '--ink-soft': '#94a1b2',
    '--good': '#3dcf9b',
    '--good-soft': '#10281f',
    '--attention': '#f0b14c',
    '--attention-soft': '#2b2111',
    '--bad': '#ff7b82',
    '--bad-soft': '#331a1e',
    '--neutral': '#94a1b2',
    '--neutral-soft': '#1b232d',
    '--accent': '#8ea5fa',
    '--series-1': '#8ea5fa',
    '--series-2': '#46c9bd',
    '--series-3': '#f0a868',
    '--series-4': '#c4a1ff',
    '--series-5': '#f58fb8',
    '--series-6': '#a3d155',
    '--series-7': '#67c7f5',
    '--series-8': '#dcc05a',
    '--series-rest': '#7f8da0',
    '--mantine-color-body': '#0b0f14',
    '--mantine-color-text': '#e3e9f0',
    '--mantine-color-dimmed': '#94a1b2',
    '--mantine-color-placeholder': '#8b98a9',
    '--mantine-color-error': '#ff7b82',
  },
});
