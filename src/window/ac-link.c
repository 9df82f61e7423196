/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/ac-client-error.h"
#include "client/ac-query-text.h"
#include "window/ac-link.h"

#define SCHEME "action-center:"
/* Longer than any link that means something. */
#define MOST_BYTES 16384
#define MOST_ID_BYTES 200

static const struct
{
  const char *name;
  AcLinkKind kind;
  gboolean has_id;
} places[] = {
  { "pending", AC_LINK_PENDING, FALSE },
  { "history", AC_LINK_HISTORY, FALSE },
  { "action", AC_LINK_ACTION, TRUE },
  { "approval", AC_LINK_APPROVAL, TRUE },
  { "investigation", AC_LINK_INVESTIGATION, TRUE },
};

void
ac_link_free (AcLink *link)
{
  if (link == NULL)
    return;
  g_free (link->id);
  g_free (link->filters);
  g_free (link);
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID,
               /* Translators: what is wrong with it */
               _ ("This link cannot be opened: %s"), why);
  return FALSE;
}

static gboolean
read_query (AcLink *link, const char *text, GError **error)
{
  g_autoptr (GHashTable) parameters = g_uri_parse_params (text, -1, "&", G_URI_PARAMS_NONE, NULL);
  g_autoptr (AcActionQuery) plain = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) filtered = NULL;
  g_autoptr (GError) problem = NULL;
  const char *filters = parameters != NULL ? g_hash_table_lookup (parameters, "filters") : NULL;

  if (parameters == NULL)
    return refuse (error, _ ("it is not written as links are."));
  if (filters == NULL)
    return TRUE;
  filtered = ac_query_text_parse (plain, filters, &problem);
  if (filtered == NULL)
    return refuse (error, problem->message);
  link->filters = g_strdup (filters);
  return TRUE;
}

/* “action/ID”, without scheme and query. */
static gboolean
read_place (AcLink *link, const char *path, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 2);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (parts[0], places[i].name) == 0)
      {
        link->kind = places[i].kind;
        if (!places[i].has_id)
          return parts[1] == NULL || *parts[1] == '\0' ||
                 refuse (error, _ ("there is nothing below that list."));
        link->id = parts[1] != NULL ? g_uri_unescape_string (parts[1], NULL) : NULL;
        if (link->id != NULL && *link->id != '\0' && strlen (link->id) <= MOST_ID_BYTES &&
            g_utf8_validate (link->id, -1, NULL))
          return TRUE;
        return refuse (error, _ ("it does not say which one."));
      }
  return refuse (error, _ ("it leads to nothing that Action Center knows."));
}

/**
 * ac_link_parse:
 * @uri: what somebody else has written
 *
 * Returns: (transfer full): where it leads to, or %NULL with AC_CLIENT_ERROR_INVALID and a
 * sentence.
 */
AcLink *
ac_link_parse (const char *uri, GError **error)
{
  g_autoptr (AcLink) link = g_new0 (AcLink, 1);
  g_autofree char *path = NULL;
  const char *rest;
  char *query;

  g_return_val_if_fail (uri != NULL, NULL);

  if (strlen (uri) > MOST_BYTES || !g_utf8_validate (uri, -1, NULL))
    {
      refuse (error, _ ("it is too long, or no text."));
      return NULL;
    }
  if (g_ascii_strncasecmp (uri, SCHEME, strlen (SCHEME)) != 0)
    {
      refuse (error, _ ("it does not begin with “action-center:”."));
      return NULL;
    }
  /* As an opaque URI, or with slashes as people write them. */
  rest = uri + strlen (SCHEME);
  while (*rest == '/')
    rest++;
  path = g_strdup (rest);
  path[strcspn (path, "#")] = '\0';
  query = strchr (path, '?');
  if (query != NULL)
    *query++ = '\0';
  if (!read_place (link, path, error) || (query != NULL && !read_query (link, query, error)))
    return NULL;
  return g_steal_pointer (&link);
}

/**
 * ac_link_format_action:
 *
 * Returns: (transfer full): the link to an action.
 */
char *
ac_link_format_action (const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (SCHEME "action/", escaped, NULL);
}

/**
 * ac_link_format_query:
 *
 * Returns: (transfer full): the link to a list with its filters.
 */
char *
ac_link_format_query (AcActionQuery *query)
{
  g_autofree char *filters = ac_query_text_format (query);
  g_autofree char *escaped = g_uri_escape_string (filters, NULL, FALSE);
  const char *list = ac_action_query_get_tab (query) == AC_TAB_PENDING ? "pending" : "history";

  return strcmp (filters, "{}") == 0 ? g_strconcat (SCHEME, list, NULL)
                                     : g_strconcat (SCHEME, list, "?filters=", escaped, NULL);
}
