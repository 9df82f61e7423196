/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selected rows as text for the clipboard. Plain functions. */
#pragma once

#include "window/ac-column-layout.h"

G_BEGIN_DECLS

typedef enum
{
  AC_COPY_TABLE,    /* the columns that are shown, separated by tabs */
  AC_COPY_CSV,      /* as an export */
  AC_COPY_JSON,     /* an array of what the API gives */
  AC_COPY_MARKDOWN, /* the columns that are shown, as a table */
  AC_COPY_IDS,
  AC_COPY_LINKS,
} AcCopyFormat;

/* More is for an export. */
#define AC_COPY_MOST_ROWS 10000

gboolean ac_copy_format_parse (const char *name, AcCopyFormat *format);
char *ac_copy_rows (AcCopyFormat format, GPtrArray *rows, const AcColumnLayout *layout);

G_END_DECLS
