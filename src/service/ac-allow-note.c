/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "responders/ac-url.h"
#include "service/ac-allow-note.h"

/**
 * ac_allow_note_add:
 * @tasks: (element-type AcTask): with their outcomes
 *
 * Adds to what is said of a block that was done who had allowed the URL. Where the database cannot
 * be read nothing is added, for the block was done all the same.
 */
void
ac_allow_note_add (AcStore *store, AcActionType type, AcDirection direction, GPtrArray *tasks)
{
  if (type != AC_ACTION_TYPE_BLOCK_URL || direction != AC_DIRECTION_APPLY)
    return;
  for (guint i = 0; i < tasks->len; i++)
    {
      AcTask *task = tasks->pdata[i];
      const char *text = ac_entity_get_string (task->entity, "url");
      g_autoptr (AcUrl) url = text != NULL ? ac_url_parse_typed (text, NULL) : NULL;
      g_autofree char *key = url != NULL ? ac_url_to_key (url, TRUE) : NULL;
      g_autofree char *words = NULL;
      char *both;

      if (key == NULL || task->detail == NULL ||
          (task->outcome != AC_OUTCOME_MOVED && task->outcome != AC_OUTCOME_ALREADY_THERE) ||
          !ac_store_find_allow_entry (store, key, &words, NULL) || words == NULL)
        continue;
      both = g_strdup_printf ("%s %s; the block wins.", task->detail, words);
      g_free (task->detail);
      task->detail = both;
    }
}
