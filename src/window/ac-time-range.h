/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of the history is looked at, by the time of the last change. What is relative stays
 * so: the past day is another one tomorrow. A plain struct. */
#pragma once

#include "client/ac-action-query.h"

G_BEGIN_DECLS

typedef enum
{
  AC_TIME_RANGE_ALL,
  AC_TIME_RANGE_DAY,
  AC_TIME_RANGE_WEEK,
  AC_TIME_RANGE_30_DAYS,
  AC_TIME_RANGE_6_MONTHS,
  AC_TIME_RANGE_CUSTOM,
} AcTimeRangeKind;

#define AC_N_TIME_RANGES (AC_TIME_RANGE_CUSTOM + 1)

typedef struct
{
  AcTimeRangeKind kind;
  gint64 from; /* of a custom one, as in ac-time.h; AC_TIME_NONE: from the beginning */
  gint64 to;   /* the first moment that does not belong to it; AC_TIME_NONE: up to now */
} AcTimeRange;

AcActionQuery *ac_time_range_apply (const AcTimeRange *range, AcActionQuery *query, gint64 now);
char *ac_time_range_to_text (const AcTimeRange *range);
gboolean ac_time_range_parse (const char *text, AcTimeRange *range);
const char *ac_time_range_get_label (AcTimeRangeKind kind);
char *ac_time_range_describe (const AcTimeRange *range);

G_END_DECLS
