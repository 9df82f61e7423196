/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the page of an investigation: their columns, and how they are filled. Plain
 * functions; the page holds the tables. */
#pragma once

#include "client/ac-answers.h"
#include "window/ac-text-table.h"

G_BEGIN_DECLS

typedef enum
{
  AC_INVESTIGATION_TABLE_ALERTS,
  AC_INVESTIGATION_TABLE_MAILBOXES,
  AC_INVESTIGATION_TABLE_DEVICES,
  AC_INVESTIGATION_TABLE_EVIDENCE,
  AC_INVESTIGATION_TABLE_ENTITIES,
  AC_INVESTIGATION_TABLE_LOG,
  AC_INVESTIGATION_TABLE_PENDING,
  AC_INVESTIGATION_TABLE_HISTORY,
  AC_INVESTIGATION_N_TABLES,
} AcInvestigationTable;

const char *ac_investigation_table_name (AcInvestigationTable table);
const char *ac_investigation_table_title (AcInvestigationTable table);
GtkWidget *ac_investigation_table_new (AcInvestigationTable table);
void ac_investigation_table_fill (AcTextTable *view,
                                  AcInvestigationTable table,
                                  AcInvestigation *investigation,
                                  GPtrArray *log);

G_END_DECLS
