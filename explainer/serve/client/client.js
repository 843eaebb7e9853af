// What a page of the preview runs to hear of news: to be written.
