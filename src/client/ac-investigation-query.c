/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-investigation-query.h"
#include "model/ac-time.h"

/**
 * ac_investigation_query_new:
 *
 * Returns: (transfer full): all investigations, newest first.
 */
AcInvestigationQuery *
ac_investigation_query_new (void)
{
  AcInvestigationQuery *query = g_new0 (AcInvestigationQuery, 1);

  query->created_after = AC_TIME_NONE;
  query->created_before = AC_TIME_NONE;
  return query;
}

/**
 * ac_investigation_query_copy:
 *
 * Returns: (transfer full): a copy.
 */
AcInvestigationQuery *
ac_investigation_query_copy (const AcInvestigationQuery *query)
{
  AcInvestigationQuery *copy = g_new0 (AcInvestigationQuery, 1);

  copy->statuses = g_strdupv (query->statuses);
  copy->threats = g_strdupv (query->threats);
  copy->triggers = g_strdupv (query->triggers);
  copy->text = g_strdup (query->text);
  copy->created_after = query->created_after;
  copy->created_before = query->created_before;
  copy->sort = g_strdup (query->sort);
  return copy;
}

void
ac_investigation_query_free (AcInvestigationQuery *query)
{
  if (query == NULL)
    return;
  g_strfreev (query->statuses);
  g_strfreev (query->threats);
  g_strfreev (query->triggers);
  g_free (query->text);
  g_free (query->sort);
  g_free (query);
}

static gboolean
has_values (const GStrv values)
{
  return values != NULL && values[0] != NULL;
}

/**
 * ac_investigation_query_is_filtered:
 *
 * Returns: whether it may leave out investigations that there are.
 */
gboolean
ac_investigation_query_is_filtered (const AcInvestigationQuery *query)
{
  return has_values (query->statuses) || has_values (query->threats) ||
         has_values (query->triggers) || (query->text != NULL && *query->text != '\0') ||
         query->created_after != AC_TIME_NONE || query->created_before != AC_TIME_NONE;
}

static void
add (GString *parameters, const char *name, const char *value)
{
  g_string_append_printf (parameters, "&%s=", name);
  g_string_append_uri_escaped (parameters, value, NULL, FALSE);
}

static void
add_all (GString *parameters, const char *name, const GStrv values)
{
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    add (parameters, name, values[i]);
}

static void
add_time (GString *parameters, const char *name, gint64 time)
{
  g_autofree char *text = time != AC_TIME_NONE ? ac_time_format (time) : NULL;

  if (text != NULL)
    add (parameters, name, text);
}

/**
 * ac_investigation_query_to_parameters:
 *
 * Returns: (transfer full): what stands in the URL, with “&” before each parameter.
 */
char *
ac_investigation_query_to_parameters (const AcInvestigationQuery *query)
{
  GString *parameters = g_string_new (NULL);

  add_all (parameters, "status", query->statuses);
  add_all (parameters, "threat", query->threats);
  add_all (parameters, "trigger", query->triggers);
  if (query->text != NULL && *query->text != '\0')
    add (parameters, "q", query->text);
  add_time (parameters, "createdAfter", query->created_after);
  add_time (parameters, "createdBefore", query->created_before);
  if (query->sort != NULL)
    add (parameters, "sort", query->sort);
  return g_string_free (parameters, FALSE);
}
