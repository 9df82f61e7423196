/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/ac-action.h"
#include "model/ac-alert.h"
#include "model/ac-time.h"
#include "window/ac-investigation-assets.h"
#include "window/ac-investigation-tables.h"
#include "window/ac-investigation-wording.h"
#include "window/ac-type-wording.h"
#include "window/ac-wording.h"

static const AcTextColumn alert_columns[] = {
  { N_ ("Alert"), 30 },  { N_ ("Severity"), 13 }, { N_ ("Category"), 16 }, { N_ ("Source"), 16 },
  { N_ ("Status"), 10 }, { N_ ("Received"), 16 }, { N_ ("Alert ID"), 20 },
};
static const AcTextColumn mailbox_columns[] = {
  { N_ ("Mailbox"), 34 },
  { N_ ("Actions"), 8 },
  { N_ ("Pending"), 8 },
  { N_ ("Evidence"), 9 },
};
static const AcTextColumn device_columns[] = {
  { N_ ("Device"), 34 },
  { N_ ("Actions"), 8 },
  { N_ ("Pending"), 8 },
  { N_ ("Evidence"), 9 },
};
G_STATIC_ASSERT (G_N_ELEMENTS (mailbox_columns) == AC_INVESTIGATION_ASSET_COLUMNS);
G_STATIC_ASSERT (G_N_ELEMENTS (device_columns) == AC_INVESTIGATION_ASSET_COLUMNS);
static const AcTextColumn evidence_columns[] = {
  { N_ ("Entity"), 32 },
  { N_ ("Verdict"), 17 },
  { N_ ("Remediation status"), 18 },
  { N_ ("Entity type"), 14 },
  { N_ ("First seen"), 16 },
  { N_ ("Status details"), 24 },
  { N_ ("Impacted assets"), 22 },
  { N_ ("Detection origin"), 16 },
  { N_ ("Threats"), 16 },
};
static const AcTextColumn log_columns[] = {
  { N_ ("ID"), 10 },       { N_ ("Action type"), 12 },      { N_ ("Action"), 28 },
  { N_ ("Status"), 14 },   { N_ ("Device name"), 14 },      { N_ ("Description"), 28 },
  { N_ ("Comments"), 18 }, { N_ ("Time created"), 16 },     { N_ ("Execution start"), 16 },
  { N_ ("Duration"), 12 }, { N_ ("Pending duration"), 12 }, { N_ ("Queued duration"), 12 },
};
static const AcTextColumn pending_columns[] = {
  { N_ ("Details"), 32 },     { N_ ("Action type"), 20 }, { N_ ("Verdict"), 15 },
  { N_ ("Entity type"), 14 }, { N_ ("Asset"), 22 },       { N_ ("Waiting since"), 16 },
  { N_ ("Expires"), 16 },
};
static const AcTextColumn history_columns[] = {
  { N_ ("Details"), 32 },   { N_ ("Action type"), 20 }, { N_ ("Status"), 16 },
  { N_ ("Wait time"), 12 }, { N_ ("Handled by"), 16 },  { N_ ("Time"), 16 },
  { N_ ("Asset"), 22 },
};

#define COLUMNS(columns) columns, G_N_ELEMENTS (columns)
static const struct
{
  const char *name;
  const char *title;
  const AcTextColumn *columns;
  guint n_columns;
  const char *export_name; /* translated */
} tables[] = {
  [AC_INVESTIGATION_TABLE_ALERTS] = { "alerts", N_ ("Alerts"), COLUMNS (alert_columns),
                                      N_ ("Investigation alerts") },
  [AC_INVESTIGATION_TABLE_MAILBOXES] = { "mailboxes", N_ ("Mailboxes"), COLUMNS (mailbox_columns),
                                         N_ ("Investigation mailboxes") },
  [AC_INVESTIGATION_TABLE_DEVICES] = { "devices", N_ ("Devices"), COLUMNS (device_columns),
                                       N_ ("Investigation devices") },
  [AC_INVESTIGATION_TABLE_EVIDENCE] = { "evidence", N_ ("Evidence"), COLUMNS (evidence_columns),
                                        N_ ("Investigation evidence") },
  [AC_INVESTIGATION_TABLE_ENTITIES] = { "entities", N_ ("Entities"), COLUMNS (evidence_columns),
                                        N_ ("Investigation entities") },
  [AC_INVESTIGATION_TABLE_LOG] = { "log", N_ ("Log"), COLUMNS (log_columns),
                                   N_ ("Investigation log") },
  [AC_INVESTIGATION_TABLE_PENDING] = { "pending", N_ ("Pending actions"), COLUMNS (pending_columns),
                                       N_ ("Investigation actions") },
  [AC_INVESTIGATION_TABLE_HISTORY] = { "history", N_ ("Pending actions history"),
                                       COLUMNS (history_columns), N_ ("Investigation actions") },
};

/**
 * ac_investigation_table_name:
 *
 * Returns: what the tab is called inside the program.
 */
const char *
ac_investigation_table_name (AcInvestigationTable table)
{
  return tables[table].name;
}

/**
 * ac_investigation_table_title:
 *
 * Returns: what stands on the tab, translated.
 */
const char *
ac_investigation_table_title (AcInvestigationTable table)
{
  return _ (tables[table].title);
}

/**
 * ac_investigation_table_new:
 *
 * Returns: (transfer floating): an AcTextTable, empty.
 */
GtkWidget *
ac_investigation_table_new (AcInvestigationTable table)
{
  GtkWidget *view = ac_text_table_new (ac_investigation_table_title (table), tables[table].columns,
                                       tables[table].n_columns);

  ac_text_table_set_export_name (AC_TEXT_TABLE (view), _ (tables[table].export_name));
  return view;
}

static void
fill_alerts (GPtrArray *rows, AcInvestigation *investigation)
{
  GPtrArray *alerts = ac_investigation_get_alerts (investigation);

  for (guint i = 0; i < alerts->len; i++)
    {
      AcAlert *alert = alerts->pdata[i];
      AcTextRow *row = ac_text_row_new (G_N_ELEMENTS (alert_columns), NULL);

      ac_text_row_set (row, 0, ac_alert_get_title (alert));
      ac_text_row_set (row, 1, ac_investigation_wording_severity (ac_alert_get_severity (alert)));
      ac_text_row_set (row, 2, ac_alert_get_category (alert));
      ac_text_row_set (row, 3, ac_alert_get_source (alert));
      ac_text_row_set (row, 4, ac_investigation_wording_alert_status (ac_alert_get_status (alert)));
      ac_text_row_set_time (row, 5, ac_alert_get_received_at (alert));
      ac_text_row_set (row, 6, ac_alert_get_id (alert));
      g_ptr_array_add (rows, row);
    }
}

static void
fill_evidence (GPtrArray *rows, AcInvestigation *investigation, GPtrArray *evidence)
{
  for (guint i = 0; i < evidence->len; i++)
    {
      AcEvidence *one = evidence->pdata[i];
      AcEntity *entity = ac_evidence_get_entity (one);
      const char *verdict = ac_evidence_get_verdict (one);
      g_auto (GStrv) threats = ac_evidence_dup_threats (one);
      AcTextRow *row = ac_text_row_new (G_N_ELEMENTS (evidence_columns), entity);
      const char *status;

      ac_text_row_set (row, 0, ac_entity_get_summary (entity));
      ac_text_row_set (row, 1, ac_vocabulary_label (AC_VOCABULARY_VERDICT, verdict));
      ac_text_row_set_icon (row, 1, ac_wording_verdict_icon (verdict),
                            ac_wording_verdict_class (verdict));
      ac_text_row_set (row, 2, ac_investigation_wording_remediation (investigation, one, &status));
      if (status != NULL)
        ac_text_row_set_icon (row, 2, ac_wording_status_icon (status),
                              ac_wording_status_class (status));
      ac_text_row_set (
          row, 3,
          ac_vocabulary_label (AC_VOCABULARY_ENTITY_TYPE, ac_entity_get_entity_type (entity)));
      ac_text_row_set_time (row, 4, ac_evidence_get_first_seen (one));
      ac_text_row_set (row, 5, ac_evidence_get_detail (one));
      ac_text_row_take (row, 6, g_strjoinv (", ", (GStrv)ac_evidence_get_assets (one)));
      ac_text_row_set (row, 7, ac_evidence_get_detection_origin (one));
      ac_text_row_take (row, 8, g_strjoinv (", ", threats));
      g_ptr_array_add (rows, row);
    }
}

/* Actions by id; the keys are the actions'. */
static GHashTable *
index_actions (AcInvestigation *investigation)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *actions = ac_investigation_get_actions (investigation);

  for (guint i = 0; i < actions->len; i++)
    g_hash_table_insert (index, (gpointer)ac_action_get_id (actions->pdata[i]), actions->pdata[i]);
  return index;
}

static void
fill_log (GPtrArray *rows, AcInvestigation *investigation, GPtrArray *log)
{
  g_autoptr (GHashTable) actions = index_actions (investigation);

  for (guint i = 0; log != NULL && i < log->len; i++)
    {
      AcLogEntry *entry = log->pdata[i];
      const char *action_id = ac_log_entry_get_action_id (entry);
      gboolean is_action = action_id != NULL;
      AcAction *action = is_action ? g_hash_table_lookup (actions, action_id) : NULL;
      const char *status = ac_log_entry_get_status (entry);
      AcTextRow *row = ac_text_row_new (G_N_ELEMENTS (log_columns), action);

      ac_text_row_set (row, 0, ac_log_entry_get_id (entry));
      ac_text_row_set (row, 1,
                       is_action ? _ ("Remediation") : ac_log_entry_get_action_type (entry));
      ac_text_row_set (row, 2,
                       is_action ? ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE,
                                                        ac_log_entry_get_action (entry))
                                 : ac_log_entry_get_action (entry));
      ac_text_row_set (row, 3,
                       is_action ? ac_vocabulary_label (AC_VOCABULARY_STATUS, status) : status);
      if (is_action)
        ac_text_row_set_icon (row, 3, ac_wording_status_icon (status),
                              ac_wording_status_class (status));
      ac_text_row_set (row, 4, ac_log_entry_get_device_name (entry));
      ac_text_row_set (row, 5, ac_log_entry_get_description (entry));
      ac_text_row_set (row, 6, ac_log_entry_get_comments (entry));
      ac_text_row_set_time (row, 7, ac_log_entry_get_created_at (entry));
      ac_text_row_set_time (row, 8, ac_log_entry_get_started_at (entry));
      ac_text_row_set_seconds (row, 9, ac_log_entry_get_duration (entry));
      ac_text_row_set_seconds (row, 10, ac_log_entry_get_pending_duration (entry));
      ac_text_row_set_seconds (row, 11, ac_log_entry_get_queued_duration (entry));
      g_ptr_array_add (rows, row);
    }
}

static char *
describe_assets (AcAction *action)
{
  const char *const *assets = ac_action_get_assets (action);
  guint n = g_strv_length ((GStrv)assets);
  g_autofree char *first =
      n > 0 ? ac_type_wording_asset (ac_action_get_action_type (action), assets[0]) : NULL;

  if (n <= 1)
    return g_steal_pointer (&first);
  /* Translators: the first mailbox or device, and how many more there are */
  return g_strdup_printf (ngettext ("%1$s and %2$u more", "%1$s and %2$u more", n - 1), first,
                          n - 1);
}

static void
set_what (AcTextRow *row, AcAction *action)
{
  const char *details = ac_action_get_details (action);

  ac_text_row_set (
      row, 0, details != NULL ? details : ac_entity_get_summary (ac_action_get_entity (action)));
  ac_text_row_set (
      row, 1, ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, ac_action_get_action_type (action)));
}

static void
fill_pending (GPtrArray *rows, AcInvestigation *investigation)
{
  GPtrArray *actions = ac_investigation_get_actions (investigation);

  for (guint i = 0; i < actions->len; i++)
    {
      AcAction *action = actions->pdata[i];
      const char *verdict = ac_action_get_verdict (action);
      AcTextRow *row;

      if (ac_action_get_status_value (action) != AC_STATUS_PENDING)
        continue;
      row = ac_text_row_new (G_N_ELEMENTS (pending_columns), action);
      set_what (row, action);
      ac_text_row_set (row, 2, ac_vocabulary_label (AC_VOCABULARY_VERDICT, verdict));
      ac_text_row_set_icon (row, 2, ac_wording_verdict_icon (verdict),
                            ac_wording_verdict_class (verdict));
      ac_text_row_set (
          row, 3,
          ac_vocabulary_label (AC_VOCABULARY_ENTITY_TYPE,
                               ac_entity_get_entity_type (ac_action_get_entity (action))));
      ac_text_row_take (row, 4, describe_assets (action));
      ac_text_row_set_time (row, 5, ac_action_get_created_at (action));
      ac_text_row_set_time (row, 6, ac_action_get_expires_at (action));
      g_ptr_array_add (rows, row);
    }
}

/* Steps by the action that they are about. */
static GHashTable *
index_log (GPtrArray *log)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; log != NULL && i < log->len; i++)
    {
      const char *action_id = ac_log_entry_get_action_id (log->pdata[i]);

      if (action_id != NULL)
        g_hash_table_insert (index, (gpointer)action_id, log->pdata[i]);
    }
  return index;
}

static void
fill_history (GPtrArray *rows, AcInvestigation *investigation, GPtrArray *log)
{
  GPtrArray *actions = ac_investigation_get_actions (investigation);
  g_autoptr (GHashTable) steps = index_log (log);

  for (guint i = 0; i < actions->len; i++)
    {
      AcAction *action = actions->pdata[i];
      const char *status = ac_action_get_status (action);
      AcLogEntry *entry;
      AcTextRow *row;

      if (ac_action_get_status_value (action) == AC_STATUS_PENDING)
        continue;
      entry = g_hash_table_lookup (steps, ac_action_get_id (action));
      row = ac_text_row_new (G_N_ELEMENTS (history_columns), action);
      set_what (row, action);
      ac_text_row_set (row, 2, ac_vocabulary_label (AC_VOCABULARY_STATUS, status));
      ac_text_row_set_icon (row, 2, ac_wording_status_icon (status),
                            ac_wording_status_class (status));
      ac_text_row_set_seconds (row, 3,
                               entry != NULL ? ac_log_entry_get_pending_duration (entry) : -1);
      ac_text_row_set (row, 4, ac_action_get_decided_by (action));
      ac_text_row_set_time (row, 5, ac_action_get_updated_at (action));
      ac_text_row_take (row, 6, describe_assets (action));
      g_ptr_array_add (rows, row);
    }
}

/**
 * ac_investigation_table_fill:
 * @log: (nullable) (element-type AcLogEntry): of the investigation, as far as it is known
 *
 * Shows in @view what the investigation has for it.
 */
void
ac_investigation_table_fill (AcTextTable *view,
                             AcInvestigationTable table,
                             AcInvestigation *investigation,
                             GPtrArray *log)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  switch (table)
    {
    case AC_INVESTIGATION_TABLE_ALERTS:
      fill_alerts (rows, investigation);
      break;
    case AC_INVESTIGATION_TABLE_MAILBOXES:
      ac_investigation_assets_append (rows, investigation, AC_ENTITY_TYPE_MAILBOX);
      break;
    case AC_INVESTIGATION_TABLE_DEVICES:
      ac_investigation_assets_append (rows, investigation, AC_ENTITY_TYPE_DEVICE);
      break;
    case AC_INVESTIGATION_TABLE_EVIDENCE:
      fill_evidence (rows, investigation, ac_investigation_get_evidence (investigation));
      break;
    case AC_INVESTIGATION_TABLE_ENTITIES:
      fill_evidence (rows, investigation, ac_investigation_get_entities (investigation));
      break;
    case AC_INVESTIGATION_TABLE_LOG:
      fill_log (rows, investigation, log);
      break;
    case AC_INVESTIGATION_TABLE_PENDING:
      fill_pending (rows, investigation);
      break;
    case AC_INVESTIGATION_TABLE_HISTORY:
      fill_history (rows, investigation, log);
      break;
    case AC_INVESTIGATION_N_TABLES:
    default:
      g_assert_not_reached ();
    }
  ac_text_table_set_rows (view, rows);
}
