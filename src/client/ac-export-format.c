/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "client/ac-csv.h"
#include "client/ac-export-format.h"
#include "client/ac-ocsf.h"
#include "model/ac-json.h"
#include "model/ac-time.h"

static const struct
{
  const char *name;
  const char *extension;
} formats[AC_N_EXPORT_FORMATS] = {
  [AC_EXPORT_CSV] = { "csv", ".csv" },
  [AC_EXPORT_JSON_LINES] = { "json", ".jsonl" },
  [AC_EXPORT_OCSF] = { "ocsf", ".ocsf.jsonl" },
};

/**
 * ac_export_format_parse:
 * @name: “csv”, “json” or “ocsf”
 *
 * Returns: whether it is one of them.
 */
gboolean
ac_export_format_parse (const char *name, AcExportFormat *format)
{
  for (guint i = 0; i < AC_N_EXPORT_FORMATS; i++)
    if (g_strcmp0 (name, formats[i].name) == 0)
      {
        *format = (AcExportFormat)i;
        return TRUE;
      }
  return FALSE;
}

const char *
ac_export_format_name (AcExportFormat format)
{
  g_return_val_if_fail ((guint)format < AC_N_EXPORT_FORMATS, NULL);

  return formats[format].name;
}

/**
 * ac_export_format_extension:
 *
 * Returns: what the name of such a file ends with.
 */
const char *
ac_export_format_extension (AcExportFormat format)
{
  g_return_val_if_fail ((guint)format < AC_N_EXPORT_FORMATS, NULL);

  return formats[format].extension;
}

static const char *const csv_names[] = {
  "id",          "updatedAt",  "createdAt", "expiresAt",       "type",
  "details",     "entityType", "assets",    "verdict",         "status",
  "decision",    "decidedBy",  "decidedAt", "comment",         "source",
  "undoState",   "undoNote",   "reason",    "investigationId", "investigationTitle",
  "operationId",
};

static void
append_time (GString *text, gint64 time)
{
  g_autofree char *value = time != AC_TIME_NONE ? ac_time_format (time) : NULL;

  ac_csv_append_field (text, value, FALSE);
}

static void
append_csv (AcAction *action, GString *text)
{
  g_autofree char *assets = g_strjoinv ("; ", (GStrv)ac_action_get_assets (action));
  const char *details = ac_action_get_details (action);
  const char *fields[] = {
    ac_action_get_action_type (action),
    details != NULL ? details : ac_entity_get_summary (ac_action_get_entity (action)),
    ac_entity_get_entity_type (ac_action_get_entity (action)),
    assets,
    ac_action_get_verdict (action),
    ac_action_get_status (action),
    ac_action_get_decision (action),
    ac_action_get_decided_by (action),
  };
  const char *more[] = {
    ac_action_get_comment (action),
    ac_action_get_source (action),
    ac_action_get_undo_state (action),
    ac_action_get_undo_note (action),
    ac_action_get_reason (action),
    ac_action_get_investigation_id (action),
    ac_action_get_investigation_title (action),
    ac_action_get_operation_id (action),
  };

  ac_csv_append_field (text, ac_action_get_id (action), TRUE);
  append_time (text, ac_action_get_updated_at (action));
  append_time (text, ac_action_get_created_at (action));
  append_time (text, ac_action_get_expires_at (action));
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    ac_csv_append_field (text, fields[i], FALSE);
  append_time (text, ac_action_get_decided_at (action));
  for (gsize i = 0; i < G_N_ELEMENTS (more); i++)
    ac_csv_append_field (text, more[i], FALSE);
  g_string_append (text, "\r\n");
}

static void
append_object (JsonObject *object, GString *text)
{
  g_autoptr (GBytes) bytes = ac_json_object_to_bytes (object);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_string_append_len (text, data, (gssize)size);
  g_string_append_c (text, '\n');
}

/**
 * ac_export_format_begin:
 *
 * Appends what stands in a file before the first action.
 */
void
ac_export_format_begin (AcExportFormat format, GString *text)
{
  if (format != AC_EXPORT_CSV)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (csv_names); i++)
    ac_csv_append_field (text, csv_names[i], i == 0);
  g_string_append (text, "\r\n");
}

/**
 * ac_export_format_append:
 *
 * Appends an action as one line.
 */
void
ac_export_format_append (AcExportFormat format, AcAction *action, GString *text)
{
  g_autoptr (JsonObject) object = NULL;

  g_return_if_fail (AC_IS_ACTION (action));

  switch (format)
    {
    case AC_EXPORT_CSV:
      append_csv (action, text);
      return;
    case AC_EXPORT_OCSF:
      object = ac_ocsf_from_action (action);
      break;
    case AC_EXPORT_JSON_LINES:
    default:
      object = ac_action_to_json (action);
      break;
    }
  append_object (object, text);
}
