/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which investigations a list is to show, and in which order. Plain data. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GStrv statuses; /* nullable, as the two below; values of one filter are alternatives */
  GStrv threats;
  GStrv triggers;
  char *text;            /* nullable: words that all occur */
  gint64 created_after;  /* AC_TIME_NONE: any */
  gint64 created_before; /* AC_TIME_NONE: any */
  char *sort;            /* nullable: as GET /investigations takes it */
} AcInvestigationQuery;

AcInvestigationQuery *ac_investigation_query_new (void);
AcInvestigationQuery *ac_investigation_query_copy (const AcInvestigationQuery *query);
void ac_investigation_query_free (AcInvestigationQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcInvestigationQuery, ac_investigation_query_free)
gboolean ac_investigation_query_is_filtered (const AcInvestigationQuery *query);
char *ac_investigation_query_to_parameters (const AcInvestigationQuery *query);

G_END_DECLS
