/** The marks that identify a report and enclose its profile. A report's own texts cannot contain them. */

export const GENERATOR = '<meta name="generator" content="pstat ';
export const DATA_START = '<script type="application/octet-stream" id="profile">';
export const DATA_END = '</script>';
