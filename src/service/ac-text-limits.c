/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/ac-operation.h"
#include "service/ac-text-limits.h"

/* In characters, wherever the member stands. */
static const struct
{
  const char *member;
  guint longest;
} limits[] = {
  { "name", 1024 },
  { "assets", 1024 },
  { "mailbox", 1024 },
  { "actionId", 1024 },
  { "comment", AC_COMMENT_MAX_LENGTH },
  { "description", 16384 },
  { "reason", 16384 },
};

/* All else is of an entity. No mail server lets a field of a header be as long, so that whoever
 * sends a message cannot make it one that nobody can act on. */
#define LONGEST 131072

static guint
get_longest (const char *member)
{
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    if (strcmp (limits[i].member, member) == 0)
      return limits[i].longest;
  return LONGEST;
}

static gboolean check_object (JsonObject *object, const char *path, AcProblem **problem);

static gboolean
check_node (JsonNode *node, const char *member, const char *path, AcProblem **problem)
{
  const char *text;
  guint longest;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return check_object (json_node_get_object (node), path, problem);
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          g_autofree char *where = g_strdup_printf ("%s[%u]", path, i);

          if (!check_node (json_array_get_element (array, i), member, where, problem))
            return FALSE;
        }
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return TRUE;
  text = json_node_get_string (node);
  longest = get_longest (member);
  if (strlen (text) <= longest || g_utf8_strlen (text, -1) <= (glong)longest)
    return TRUE;
  *problem = ac_problem_new_for_key (422, AC_PROBLEM_INVALID_VALUE, path,
                                     "%s: must not be longer than %u characters", path, longest);
  return FALSE;
}

static gboolean
check_object (JsonObject *object, const char *path, AcProblem **problem)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_autofree char *where = path != NULL ? g_strconcat (path, ".", name, NULL) : g_strdup (name);

      if (!check_node (node, name, where, problem))
        return FALSE;
    }
  return TRUE;
}

/**
 * ac_text_limits_check:
 * @object: the body of a person's request, whose members are checked elsewhere
 *
 * Returns: whether each text in it is short enough; else a problem that names the first that is
 * not.
 */
gboolean
ac_text_limits_check (JsonObject *object, AcProblem **problem)
{
  return check_object (object, NULL, problem);
}
