/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The investigations that a query lets through, as a GListModel of AcInvestigation. The beginning
 * is loaded at once and the rest when it is asked for; when something changes, what is loaded is
 * asked for again, and only the rows that differ are replaced. What is shown stays when the service
 * cannot be reached.
 *
 * Properties (read-only): loading (boolean), total (guint64: of the whole query), last-refreshed
 * (gint64, AC_TIME_NONE before the first answer), error-message (string, nullable: why the last
 * question had no answer).
 *
 * Signal: loaded (): after each answer. */
#pragma once

#include "client/ac-api.h"

G_BEGIN_DECLS

#define AC_TYPE_INVESTIGATION_LIST (ac_investigation_list_get_type ())
G_DECLARE_FINAL_TYPE (AcInvestigationList, ac_investigation_list, AC, INVESTIGATION_LIST, GObject)

AcInvestigationList *ac_investigation_list_new (void);
void ac_investigation_list_set_api (AcInvestigationList *self, AcApi *api);
void ac_investigation_list_set_query (AcInvestigationList *self, const AcInvestigationQuery *query);
const AcInvestigationQuery *ac_investigation_list_get_query (AcInvestigationList *self);
void ac_investigation_list_refresh (AcInvestigationList *self);
void ac_investigation_list_load_more (AcInvestigationList *self);
gboolean ac_investigation_list_has_more (AcInvestigationList *self);
guint64 ac_investigation_list_get_total (AcInvestigationList *self);
gint64 ac_investigation_list_get_last_refreshed (AcInvestigationList *self);
const char *ac_investigation_list_get_error_message (AcInvestigationList *self);
gboolean ac_investigation_list_get_loading (AcInvestigationList *self);
JsonObject *ac_investigation_list_get_facets (AcInvestigationList *self);

G_END_DECLS
