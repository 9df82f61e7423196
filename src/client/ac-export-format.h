/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Actions as files: CSV for tables, JSON lines for programs, OCSF events for what collects security
 * events. Plain functions over text, for export and for the clipboard. */
#pragma once

#include "model/ac-action.h"

G_BEGIN_DECLS

typedef enum
{
  AC_EXPORT_CSV,        /* RFC 4180, times by RFC 3339 in UTC */
  AC_EXPORT_JSON_LINES, /* each action as the API gives it */
  AC_EXPORT_OCSF,       /* remediation activity, one event a line */
} AcExportFormat;

#define AC_N_EXPORT_FORMATS (AC_EXPORT_OCSF + 1)

gboolean ac_export_format_parse (const char *name, AcExportFormat *format);
const char *ac_export_format_name (AcExportFormat format);
const char *ac_export_format_extension (AcExportFormat format);
void ac_export_format_begin (AcExportFormat format, GString *text);
void ac_export_format_append (AcExportFormat format, AcAction *action, GString *text);

G_END_DECLS
